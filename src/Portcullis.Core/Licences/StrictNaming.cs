using System.Buffers;

namespace Portcullis.Core.Licences;

/// <summary>Names by the SPDX specification: identifiers of its lists, and a document's own after LicenseRef-.</summary>
internal sealed class StrictNaming : ILicenseNaming
{
    private static readonly SearchValues<char> OfReferences = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.");

    public static StrictNaming Instance { get; } = new();

    public bool AllowsCommas => false;

    public LicenseExpression? License(string name)
    {
        if (SpdxLicenses.Canonical(name) is { } canonical)
        {
            return new LicenseExpression.Single(canonical);
        }

        if (name.EndsWith('+') && SpdxLicenses.Canonical(name[..^1]) is { } earliest)
        {
            return new LicenseExpression.Single(earliest, OrLater: true);
        }

        return IsReference(name) ? new LicenseExpression.Single(name) : DeprecatedWith.Of(name);
    }

    public LicenseExpression? With(LicenseExpression license, string exception) =>
        license is LicenseExpression.Single plain && SpdxLicenses.CanonicalException(exception) is { } canonical
            ? new LicenseExpression.With(plain, canonical) : null;

    private static bool IsReference(string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var document = colon < 0 ? "" : name[..colon];
        var reference = name[(colon + 1)..];
        return reference.StartsWith(LicenseExpression.UnlistedPrefix, StringComparison.Ordinal) && IsIdentifier(reference[LicenseExpression.UnlistedPrefix.Length..])
            && (colon < 0 || (document.StartsWith("DocumentRef-", StringComparison.Ordinal) && IsIdentifier(document["DocumentRef-".Length..])));
    }

    private static bool IsIdentifier(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(OfReferences);
}
