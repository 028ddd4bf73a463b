using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Client;

/// <summary>A request to the API: the one place where paths and queries are built.</summary>
internal sealed class ApiRequest(HttpMethod method, string path)
{
    private readonly StringBuilder _query = new();

    public HttpMethod Method { get; } = method;

    public byte[]? Body { get; private set; }

    public string ContentType { get; private set; } = MediaTypes.Json;

    public string Accept { get; init; } = MediaTypes.Json;

    /// <summary>How long the whole answer may take, where it is not the usual.</summary>
    public TimeSpan? Limit { get; init; }

    public string PathAndQuery => _query.Length == 0 ? path : $"{path}?{_query}";

    public static ApiRequest Get(string path) => new(HttpMethod.Get, path);

    /// <summary>Adds <c>name=value</c>; nothing when the value is null or empty.</summary>
    public ApiRequest With(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _query.Append(_query.Length == 0 ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    public ApiRequest With(string name, long value) => With(name, value.ToString(CultureInfo.InvariantCulture));

    public ApiRequest With(WriteOptions options, bool apply = false)
    {
        With("fieldManager", options.FieldManager);
        With("force", apply && options.Force ? "true" : null);
        With("dryRun", options.DryRun ? "All" : null);
        return With("fieldValidation", options.FieldValidation);
    }

    public ApiRequest With(JsonNode body, string contentType = MediaTypes.Json)
    {
        Body = KubernetesJson.ToBytes(body);
        ContentType = contentType;
        return this;
    }

    /// <summary>For messages: verb and path, without the query.</summary>
    public override string ToString() => $"{Method} {path}";
}
