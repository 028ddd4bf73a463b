using System.Globalization;

namespace Portcullis.Core.Registries.Requests;

/// <summary>
/// An upload that has begun, as its location names it. The gateway adds to each location how much the registry has by then, so that any copy of
/// the gateway knows where the next chunk begins without asking. A client that changes the number spoils its own upload alone: the registry
/// appends where it is, and compares the digest at the end.
/// </summary>
/// <param name="Id">The registry's own name of the upload.</param>
/// <param name="State">The registry's own parameters, with the question mark; empty for none.</param>
/// <param name="Offset">How many bytes the registry has; null when the location does not say.</param>
public sealed record UploadLocation(string Id, string State, long? Offset)
{
    public const string OffsetParameter = "_offset";

    private const int LongestId = 512;

    public static UploadLocation? Parse(string id, RegistryQuery query)
    {
        if (id.Length is 0 or > LongestId || id is "." or ".." || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '='))
        {
            return null;
        }

        // A registry's own parameters begin with an underscore, and those of the specification (mount, from) mean nothing here: they stay behind.
        var state = query.Only(name => name.StartsWith('_') && name != OffsetParameter);
        return query[OffsetParameter] is not { } text ? new UploadLocation(id, state, null)
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? new UploadLocation(id, state, offset)
            : null;
    }

    /// <summary>The location of the upload for clients, with what the registry has by now.</summary>
    /// <param name="repository">The upload's repository.</param>
    /// <param name="offset">How many bytes the registry has.</param>
    public string At(string repository, long offset) => string.Create(
        CultureInfo.InvariantCulture, $"/v2/{repository}/blobs/uploads/{Id}{State}{(State.Length == 0 ? '?' : '&')}{OffsetParameter}={offset}");

    /// <summary>The range of what the registry has, as <c>Range</c> says it. Of nothing it is <c>0-0</c>, as docker-registry says it.</summary>
    public static string RangeOf(long offset) => string.Create(CultureInfo.InvariantCulture, $"0-{Math.Max(0, offset - 1)}");
}
