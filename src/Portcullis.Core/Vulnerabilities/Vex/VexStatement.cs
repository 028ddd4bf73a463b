namespace Portcullis.Core.Vulnerabilities.Vex;

/// <summary>What an author says of a vulnerability in products.</summary>
public sealed record VexStatement
{
    /// <summary>The identifier of the vulnerability and its aliases.</summary>
    public required IReadOnlyList<string> Vulnerabilities { get; init; }

    public required IReadOnlyList<VexProduct> Products { get; init; }

    public required VexStatus Status { get; init; }

    /// <summary>Why it is not affected: the justification's label, the author's words or both; empty for other statuses.</summary>
    public string Justification { get; init; } = "";

    /// <summary>When it was made; a later one replaces an earlier one about the same.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Who says it.</summary>
    public required string Author { get; init; }

    public bool IsAbout(Vulnerability vulnerability) => Vulnerabilities.Contains(vulnerability.Id, StringComparer.OrdinalIgnoreCase)
        || vulnerability.Aliases.Any(a => Vulnerabilities.Contains(a, StringComparer.OrdinalIgnoreCase));
}
