namespace Portcullis.Core.Signing;

/// <summary>The reasons of conditions and Events of a SigningPolicy.</summary>
public static class SigningReasons
{
    public const string TeamMissing = "TeamMissing";
    public const string TooFewSigners = "TooFewSigners";

    /// <summary>The API server does not ask about images, so that everything runs.</summary>
    public const string NotEnforced = "NotEnforced";

    /// <summary>The workloads that run cannot be listed.</summary>
    public const string WorkloadsUnknown = "WorkloadsUnknown";

    /// <summary>Workloads that run now would be refused.</summary>
    public const string WouldRefuse = "WouldRefuse";

    /// <summary>An object was refused, or would have been.</summary>
    public const string ImageNotSigned = "ImageNotSigned";
}
