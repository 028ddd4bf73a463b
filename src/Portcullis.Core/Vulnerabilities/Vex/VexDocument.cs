namespace Portcullis.Core.Vulnerabilities.Vex;

/// <summary>An OpenVEX document (github.com/openvex/spec, versions 0.0.1 to 0.2.0).</summary>
public sealed record VexDocument
{
    /// <summary>The IRI that names the document; empty when it has none.</summary>
    public required string Id { get; init; }

    public required string Author { get; init; }

    public required IReadOnlyList<VexStatement> Statements { get; init; }

    /// <summary>Statements that cannot be used, and why. They hide nothing.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>The document, or null when the text is none.</summary>
    public static VexDocument? Read(ReadOnlyMemory<byte> json) => VexReader.Read(json);
}
