namespace Portcullis.Testing.Notaries;

/// <summary>What a run of the notary client came to.</summary>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Text">Its output and its errors.</param>
public sealed record NotaryResult(int ExitCode, string Text)
{
    /// <summary>The text, when the run succeeded.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public string Succeeded() => ExitCode == 0 ? Text : throw new InvalidOperationException($"notary ended with {ExitCode}: {Text}");
}
