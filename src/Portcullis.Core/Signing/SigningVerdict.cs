namespace Portcullis.Core.Signing;

/// <summary>Whether an image has the signatures that are asked for.</summary>
public abstract record SigningVerdict
{
    private SigningVerdict()
    {
    }

    /// <summary>It has them, or none are asked for.</summary>
    /// <param name="Digest">The digest that was signed, by which the image is run; null when nothing is asked for, so that the image stays as it is written.</param>
    public sealed record Allowed(string? Digest) : SigningVerdict;

    /// <summary>It does not have them. The message begins with the words of Docker's signing policy.</summary>
    public sealed record Refused(string Message) : SigningVerdict;

    /// <summary>It is not known whether it has them. Under <see cref="SigningMode.Enforce"/> that is never enough.</summary>
    public sealed record Unknown(string Message) : SigningVerdict;

    /// <summary>Why it is not allowed; null when it is.</summary>
    public string? Problem => this switch
    {
        Refused refused => refused.Message,
        Unknown unknown => unknown.Message,
        _ => null,
    };
}
