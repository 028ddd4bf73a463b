using System.Buffers;
using System.Globalization;
using Portcullis.Core.Registries;

namespace Portcullis.Core.Signing;

/// <summary>
/// An image as containers name it, read as Docker and Kubernetes read it (github.com/distribution/reference): [HOST[:PORT]/]REPOSITORY[:TAG][@DIGEST].
/// Without a host it is docker.io's; without tag and digest the tag is <c>latest</c>; with both, the digest counts.
/// </summary>
/// <param name="Host">In lower case, without the port 443, which is the usual one.</param>
/// <param name="Repository">Without the host.</param>
/// <param name="Tag">The tag; null when only a digest is named.</param>
/// <param name="Digest">The digest; null when only a tag is named.</param>
public sealed record ImageName(string Host, string Repository, string? Tag, string? Digest)
{
    /// <summary>The host of an image that names none.</summary>
    public const string DockerHub = "docker.io";

    private const string UsualPort = ":443";
    private const int Longest = 255;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>What counts: the digest, else the tag.</summary>
    public string Reference => Digest ?? Tag ?? "latest";

    /// <summary>Null when it is no name of an image.</summary>
    public static ImageName? TryParse(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var digest = at < 0 ? null : text[(at + 1)..];
        var name = at < 0 ? text : text[..at];
        var colon = name.LastIndexOf(':');
        var tag = colon > name.LastIndexOf('/') ? name[(colon + 1)..] : null;
        name = tag is null ? name : name[..colon];
        if ((digest is not null && !ImageDigest.IsLegal(digest)) || (tag is not null && !TagName.IsLegal(tag)) || name.Length > Longest)
        {
            return null;
        }

        var (host, repository) = Split(name);
        return RepositoryName.IsLegal(repository) && IsHost(host) && !IsImageId(text)
            ? new(Normalized(host), host == DockerHub && !repository.Contains('/', StringComparison.Ordinal) ? $"library/{repository}" : repository, tag ?? (digest is null ? "latest" : null), digest)
            : null;
    }

    /// <summary>How two hosts are compared: in lower case, without the usual port.</summary>
    public static string Normalized(string host)
    {
        var lower = host.ToLowerInvariant();
        return lower.EndsWith(UsualPort, StringComparison.Ordinal) ? lower[..^UsualPort.Length] : lower;
    }

    /// <summary>The image that somebody wrote, named so that what runs is this digest. The tag is kept for readers.</summary>
    public static string Pinned(string written, string digest)
    {
        var at = written.IndexOf('@', StringComparison.Ordinal);
        return $"{(at < 0 ? written : written[..at])}@{digest}";
    }

    public override string ToString() => Digest is null ? $"{Host}/{Repository}:{Reference}" : $"{Host}/{Repository}{(Tag is null ? "" : $":{Tag}")}@{Digest}";

    private static (string Host, string Repository) Split(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        return first.Any(c => c is '.' or ':' || char.IsAsciiLetterUpper(c)) || first == "localhost"
            ? (first is "index.docker.io" ? DockerHub : first, name[(slash + 1)..])
            : (DockerHub, name);
    }

    /// <summary>
    /// Container runtimes take 64 hexadecimal digits for the id of an image that is on the node, by whomever it was made, and ask no registry; after
    /// <c>sha256:</c> any number of them, since they look ids up by their beginnings.
    /// </summary>
    private static bool IsImageId(string text) =>
        text.StartsWith("sha256:", StringComparison.Ordinal)
            ? text.AsSpan("sha256:".Length).IndexOfAnyExcept(HexDigits) < 0
            : text.Split(':')[0] is { Length: 64 } id && id.All(char.IsAsciiHexDigitLower);

    private static bool IsHost(string host)
    {
        var bracket = host.LastIndexOf(']');
        var colon = host.IndexOf(':', bracket + 1);
        var name = colon < 0 ? host : host[..colon];
        return (colon < 0 || IsPort(host[(colon + 1)..])) && (bracket < 0 ? name.Split('.').All(IsLabel) : IsAddress(name));
    }

    /// <summary>In the one way of writing it: to a node, <c>0443</c> is the port 443, and the host another name of the same registry.</summary>
    private static bool IsPort(string text) => text.Length is > 0 and <= 5 && text[0] != '0' && ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static bool IsLabel(string label) =>
        label.Length > 0 && char.IsAsciiLetterOrDigit(label[0]) && char.IsAsciiLetterOrDigit(label[^1]) && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool IsAddress(string text) => text.StartsWith('[') && text.EndsWith(']') && text.Length > 2 && text[1..^1].All(c => char.IsAsciiHexDigit(c) || c == ':');
}
