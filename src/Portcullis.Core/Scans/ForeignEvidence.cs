using Portcullis.Core.Attestations;
using Portcullis.Core.Vulnerabilities.Reports;
using Portcullis.Core.Vulnerabilities.Vex;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Scans;

/// <summary>
/// What others say of an image: findings of other scanners, and VEX statements that hide findings. Reports add findings and take none away; only VEX documents
/// hide, and each hidden finding says by whose word.
/// </summary>
public sealed record ForeignEvidence
{
    public static ForeignEvidence None { get; } = new();

    public IReadOnlyList<ExternalReport> Reports { get; init; } = [];

    public IReadOnlyList<VexDocument> Vex { get; init; } = [];

    /// <summary>Those documents that count, with their authors: <c>VEX by security</c>.</summary>
    public IReadOnlyList<string> Attested { get; init; } = [];

    /// <summary>Those that do not, with the reason.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>What the reports that count say and nobody here understands: it may be a vulnerability.</summary>
    public IEnumerable<string> Unread => Reports.SelectMany(r => r.Problems.Select(p => $"in the report of {r.Tool}: {p}"));

    /// <summary>With a document that an author whom the Repository names has signed.</summary>
    /// <param name="author">The author's name.</param>
    /// <param name="referrer">The digest of what is attached.</param>
    /// <param name="payload">What was signed: a statement about the image, or the document itself.</param>
    /// <param name="image">The digest of the image.</param>
    public ForeignEvidence With(string author, string referrer, byte[] payload, string image)
    {
        var statement = StatementOf(payload);
        if (statement?.IsAbout(image) == false)
        {
            return Without(referrer, $"signed by {author}, and about another image");
        }

        // cosign puts a scanner's own report a level deeper (cosign's vulnerability attestation).
        var document = statement is null ? payload : KubernetesJson.ToBytes(statement.Predicate.Object("scanner").Object("result") ?? statement.Predicate);
        if (VexDocument.Read(document) is { } vex)
        {
            return this with { Vex = [.. Vex, vex], Attested = [.. Attested, $"VEX by {author} ({referrer})"] };
        }

        return ExternalReport.Read(document) switch
        {
            null => Without(referrer, $"signed by {author}, and neither a report nor a VEX document"),
            { Digests: { Count: > 0 } digests } when statement is null && !digests.Contains(image, StringComparer.Ordinal) => Without(referrer, $"signed by {author}, and about another image"),
            { Digests.Count: 0 } when statement is null => Without(referrer, $"signed by {author}, and does not say which image it is about"),
            { } report => this with { Reports = [.. Reports, report], Attested = [.. Attested, $"{report.Tool} by {author} ({referrer})"] },
        };
    }

    /// <summary>Null when it is no statement of a known form, but the document itself.</summary>
    private static InTotoStatement? StatementOf(byte[] payload)
    {
        var read = InTotoStatement.Read(payload);
        return read?.Type is InTotoStatement.StatementType or "https://in-toto.io/Statement/v0.1" ? read : null;
    }

    /// <summary>With one that does not count.</summary>
    public ForeignEvidence Without(string referrer, string reason) => this with { Ignored = [.. Ignored, $"{referrer}: {reason}"] };
}
