namespace Portcullis.Scanning.Advisories;

/// <summary>A file of an archive or folder that should be an advisory.</summary>
/// <param name="Name">Where it is, for messages: the archive and the path in it.</param>
/// <param name="Content">Its bytes; empty when there is a fault.</param>
/// <param name="Fault">Why it was not read; null when it was.</param>
internal sealed record AdvisoryFile(string Name, ReadOnlyMemory<byte> Content, string? Fault = null)
{
    public bool IsYaml => Name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || Name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a file of this path may be an advisory. What hidden folders have is the repository's own.</summary>
    public static bool MayBe(string path) =>
        (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase))
            && !path.Split('/').Any(p => p.StartsWith('.') && p is not ("." or ".."));

    public static AdvisoryFile TooLarge(string name, long bytes, int limit) =>
        new(name, default, $"it has {(bytes < 0 ? "more than " + limit : bytes)} bytes; at most {limit} are read");
}
