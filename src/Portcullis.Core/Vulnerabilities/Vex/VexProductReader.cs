using System.Text.Json;
using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Core.Vulnerabilities.Vex;

/// <summary>Reads the products of a statement: objects; texts in version 0.0.1, which has the subcomponents beside them.</summary>
internal static class VexProductReader
{
    private const string Sha256 = "sha256:";

    /// <summary>Those that are known by a package URL or a SHA-256 digest. One whose subcomponents cannot all be read would stand for too much, so it is left out.</summary>
    public static IReadOnlyList<VexProduct> Products(JsonElement statement)
    {
        var common = OsvJson.Items(statement, "subcomponents").ToList();
        return [.. OsvJson.Items(statement, "products").Select(p => Product(p, common)).OfType<VexProduct>()];
    }

    private static VexProduct? Product(JsonElement product, List<JsonElement> common)
    {
        var named = OsvJson.Items(product, "subcomponents").Concat(common).ToList();
        var subcomponents = named.SelectMany(Urls).ToList();
        var urls = Urls(product).ToList();
        var digests = Digests(product).ToList();
        return urls.Count + digests.Count == 0 || named.Exists(n => !Urls(n).Any()) ? null : new VexProduct(urls, digests, subcomponents);
    }

    private static IEnumerable<PackageUrl> Urls(JsonElement product) => Names(product).Select(PackageUrl.Parse).OfType<PackageUrl>();

    private static IEnumerable<string> Names(JsonElement product) => product.ValueKind == JsonValueKind.String ? [product.GetString()!] :
        new[] { OsvJson.Text(product, "@id"), OsvJson.Member(product, "identifiers") is { } identifiers ? OsvJson.Text(identifiers, "purl") : null }.OfType<string>();

    /// <summary>Hashes, and an identifier that is a reference to an image by digest.</summary>
    private static IEnumerable<string> Digests(JsonElement product)
    {
        var hash = OsvJson.Member(product, "hashes") is { } hashes ? OsvJson.Text(hashes, "sha-256") : null;
        var references = Names(product).Where(n => !n.StartsWith("pkg:", StringComparison.OrdinalIgnoreCase)).Select(n => n[(n.LastIndexOf('@') + 1)..]);
        return references.Append(hash is null ? "" : Sha256 + hash.ToLowerInvariant()).Where(ImageDigest.IsLegal);
    }
}
