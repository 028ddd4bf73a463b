using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Selectors;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Resources;

/// <summary>One page of a list, at one version, of objects as they are stored and in the version that was asked for.</summary>
internal sealed record ObjectPage(ServedKind Kind, IReadOnlyList<StoredObject> Stored, long Version, string? Continue, long? Remaining)
{
    public IEnumerable<JsonObject> Items => Stored.Select(s => ObjectPolicy.FromStorage(Kind, s.Object));
}

/// <summary>Answers lists: consistent pages, selectors, exact versions. Reads the memory only.</summary>
internal sealed class ListReader(SqliteStore store)
{
    public ObjectPage Read(Operation operation)
    {
        var query = operation.Query;
        CheckOptions(query);
        var labels = LabelQuery.Parse(query.LabelSelector);
        var fields = FieldQuery.Parse(query.FieldSelector, operation.Kind);
        var token = query.Continue is null ? null : ContinueToken.Parse(query.Continue, operation.Namespace);
        var (objects, version) = StateFor(operation, token);
        var limit = query.ResourceVersion == "0" && query.ResourceVersionMatch != "Exact" ? 0 : query.Limit;
        return Page(operation, objects, version, token, limit, labels, fields);
    }

    /// <summary>The objects that a delete of a collection concerns, with their stored form.</summary>
    public IReadOnlyList<StoredObject> Select(Operation operation)
    {
        var labels = LabelQuery.Parse(operation.Query.LabelSelector);
        var fields = FieldQuery.Parse(operation.Query.FieldSelector, operation.Kind);
        return store.Current.Of(StorageKind.Of(operation.Kind.Storage)).In(operation.Namespace)
            .Where(o => labels.Matches(o) && fields.Matches(ObjectPolicy.FromStorage(operation.Kind, o.Object)))
            .ToList();
    }

    private static ObjectPage Page(
        Operation operation,
        KindSnapshot objects,
        long version,
        ContinueToken? token,
        long limit,
        LabelQuery labels,
        FieldQuery fields)
    {
        var filtered = !labels.IsEverything || !fields.IsEverything;
        var items = new List<StoredObject>();
        var rest = 0L;
        string? next = null;
        StoredObject? last = null;
        foreach (var stored in objects.In(operation.Namespace))
        {
            if (token is not null && !token.IsAfter(stored.Key))
            {
                continue;
            }

            if (!labels.Matches(stored) || !(fields.IsEverything || fields.Matches(ObjectPolicy.FromStorage(operation.Kind, stored.Object))))
            {
                continue;
            }

            if (limit > 0 && items.Count == limit)
            {
                next ??= ContinueToken.After(last!.Key, operation.Namespace, version);
                rest++;
                if (filtered)
                {
                    break; // how many more there are is not told
                }

                continue;
            }

            items.Add(stored);
            last = stored;
        }

        return new ObjectPage(operation.Kind, items, version, next, next is null || filtered ? null : rest);
    }

    private (KindSnapshot Objects, long Version) StateFor(Operation operation, ContinueToken? token)
    {
        var kind = StorageKind.Of(operation.Kind.Storage);
        var current = store.Current;
        if (token is { Version: > 0 })
        {
            var then = store.At(kind, token.Version) ?? throw TooOldToContinue(token);
            return (then, token.Version);
        }

        if (token is not null || operation.Query.ResourceVersion is not { } asked)
        {
            return (current.Of(kind), current.Version);
        }

        var version = ParseVersion(asked);
        if (operation.Query.ResourceVersionMatch == "Exact" && version > 0)
        {
            return (store.At(kind, version) ?? throw StatusException.Expired("The resourceVersion for the provided list is too old."), version);
        }

        return version <= current.Version ? (current.Of(kind), current.Version) : throw TooLarge(version, current.Version);
    }

    private static void CheckOptions(QueryOptions query)
    {
        if (query.Continue is not null && query.ResourceVersion is not (null or "0"))
        {
            throw StatusException.BadRequest("specifying resource version is not allowed when using continue");
        }

        if (query.ResourceVersionMatch is { } match)
        {
            var error = query.ResourceVersion is null
                ? new FieldError(
                    "FieldValueForbidden", "resourceVersionMatch", "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")
                : match is not ("Exact" or "NotOlderThan")
                    ? new FieldError(
                        "FieldValueNotSupported",
                        "resourceVersionMatch",
                        $"Unsupported value: \"{match}\": supported values: \"Exact\", \"NotOlderThan\", \"\"")
                    : match == "Exact" && query.ResourceVersion == "0"
                        ? new FieldError(
                            "FieldValueForbidden",
                            "resourceVersionMatch",
                            "Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")
                        : null;
            if (error is not null)
            {
                throw StatusException.InvalidOptions("ListOptions", error);
            }
        }
    }

    private static long ParseVersion(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        ? (long)version
        : throw StatusException.BadRequest(
            $"invalid resource version: resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");

    private static StatusException TooLarge(long asked, long current) => new(
        504,
        "Timeout",
        $"Timeout: Too large resource version: {asked}, current: {current}",
        new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject
            {
                ["reason"] = "ResourceVersionTooLarge",
                ["message"] = "Too large resource version",
            }),
            ["retryAfterSeconds"] = 1,
        });

    private static StatusException TooOldToContinue(ContinueToken token) => new(
        410,
        "Expired",
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.")
    {
        Continue = token.Inconsistent(),
    };
}

/// <summary>Where a list continues, in the form that the real API uses (meta.k8s.io/v1): the version and the key to start after.</summary>
internal sealed record ContinueToken(long Version, string Start, string Namespace)
{
    /// <summary>The token after an object, as opaque text.</summary>
    public static string After(ObjectKey key, string listNamespace, long version) =>
        Encode(version, $"{(listNamespace.Length == 0 && key.Namespace.Length > 0 ? $"/{key.Namespace}" : "")}/{key.Name}\0");

    public static ContinueToken Parse(string text, string listNamespace)
    {
        try
        {
            var json = Decode(text);
            var version = json["rv"] is JsonValue number && number.TryGetValue(out long rv) ? rv : 0;
            var start = json.String("start") ?? "";
            return version == 0 || start.Length == 0 || json.String("v") != "meta.k8s.io/v1"
                ? throw StatusException.BadRequest("invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)")
                : new ContinueToken(version, start.TrimStart('/').TrimEnd('\0'), listNamespace);
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw StatusException.BadRequest($"invalid continue token: continue key is not valid: {GoErrors.Json(BytesOf(text))}");
        }
    }

    /// <summary>The same place without the version: the rest of the list as it is now.</summary>
    public string Inconsistent() => Encode(-1, Start + "\0");

    public bool IsAfter(ObjectKey key)
    {
        if (Namespace.Length > 0 || key.Namespace.Length == 0)
        {
            return string.CompareOrdinal(key.Name, Start) > 0;
        }

        var slash = Start.IndexOf('/', StringComparison.Ordinal);
        var byNamespace = StorageOrder.Namespaces.Compare(key.Namespace, slash < 0 ? Start : Start[..slash]);
        return byNamespace != 0 ? byNamespace > 0 : string.CompareOrdinal(key.Name, slash < 0 ? "" : Start[(slash + 1)..]) > 0;
    }

    private static JsonObject Decode(string text) => KubernetesJson.Parse(BytesOf(text)) as JsonObject ?? throw new FormatException();

    /// <summary>Base64url as Go reads it: bits left over at the end are ignored.</summary>
    private static byte[] BytesOf(string text)
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var bytes = new List<byte>(text.Length);
        var bits = 0;
        var value = 0;
        foreach (var letter in text)
        {
            var digit = letters.IndexOf(letter, StringComparison.Ordinal);
            if (digit < 0)
            {
                return System.Text.Encoding.UTF8.GetBytes(text);
            }

            value = (value << 6) | digit;
            bits += 6;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(value >> bits));
                value &= (1 << bits) - 1;
            }
        }

        return [.. bytes];
    }

    private static string Encode(long version, string start) => System.Buffers.Text.Base64Url.EncodeToString(
        KubernetesJson.ToBytes(new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = version, ["start"] = start }));
}
