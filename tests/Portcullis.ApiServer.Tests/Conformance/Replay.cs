using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Testing.Clusters;

namespace Portcullis.ApiServer.Tests.Conformance;

/// <summary>
/// Sends a recording's requests to an embedded API and compares the answers. Uids, versions and tokens in requests are replaced by
/// those that this server gave in the same place.
/// </summary>
internal sealed class Replay(string file, TestCluster cluster) : IDisposable
{
    private readonly HttpClient _anonymous = Anonymous(cluster);
    private readonly Dictionary<string, string> _replacements = new(StringComparer.Ordinal);
    private readonly List<(int Step, JsonObject Recorded, WatchProbe Probe)> _watches = [];
    private string _continue = "";
    private string _token = "";

    public List<string> Failures { get; } = [];

    public WebhookServer? Webhooks { get; set; }

    public async Task RunAsync(JsonArray steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var step = (JsonObject)steps[i]!;
            await RecordedCluster.BeforeAsync(file, i, this);
            if (step["watch"] is not null)
            {
                _watches.Add((i, step, WatchProbe.Open(cluster.Http, WatchPath(step), step["accept"]?.ToString() ?? "application/json")));
                await _watches[^1].Probe.StartedAsync();
                continue;
            }

            if (step["webhook"] is JsonObject webhook)
            {
                Webhooks!.Behaviour = webhook["behaviour"]!.ToString();
            }

            var differences = await StepAsync(step);
            Judge(i, differences);
        }

        foreach (var (step, recorded, probe) in _watches)
        {
            Judge(step, await probe.CompareAsync(recorded));
        }
    }

    /// <summary>A request outside the recorded ones.</summary>
    public async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonNode? body, string type = "application/json", string? agent = null)
    {
        using var request = new HttpRequestMessage(method, path.TrimStart('/'));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        request.Headers.UserAgent.Clear();
        request.Headers.TryAddWithoutValidation("User-Agent", agent ?? "setup/1");
        using var response = await cluster.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode || response.StatusCode == System.Net.HttpStatusCode.NotFound
            ? JsonNode.Parse(text)
            : throw new InvalidOperationException($"{method} {path}: {text}");
    }

    public void Forget() => cluster.Embedded!.Compact();

    public void Dispose()
    {
        foreach (var (_, _, probe) in _watches)
        {
            probe.Dispose();
        }

        _anonymous.Dispose();
    }

    private static HttpClient Anonymous(TestCluster cluster)
    {
        var handler = new SocketsHttpHandler();
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(cluster.Connection.CertificateAuthorities.ToArray());
        handler.SslOptions.CertificateChainPolicy = policy;
        return new HttpClient(handler) { BaseAddress = cluster.Connection.Server };
    }

    private string WatchPath(JsonObject step)
    {
        var path = step["watch"]!.ToString();
        // A version that no earlier answer named is the one the recorded cluster had just then.
        return System.Text.RegularExpressions.Regex.Replace(path, @"resourceVersion=(\d{3,7})\b", _ => $"resourceVersion={cluster.Embedded!.CurrentVersion}");
    }

    private async Task<List<string>> StepAsync(JsonObject step)
    {
        var recorded = (JsonObject)step["request"]!;
        var expected = (JsonObject)step["response"]!;
        using var request = Build(recorded, step["note"]?.ToString());
        using var response = await ClientFor(step).SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var contentType = string.Join(",", response.Content.Headers.NonValidated["Content-Type"]);
        var isJson = response.Content.Headers.ContentType?.MediaType == "application/json";
        var body = isJson ? JsonNode.Parse(bytes) : JsonValue.Create(Encoding.UTF8.GetString(bytes));
        var actual = new JsonObject { ["status"] = (int)response.StatusCode };
        if (expected["contentType"] is not null)
        {
            actual["contentType"] = contentType;
        }

        if (response.Headers.NonValidated.Contains("Warning"))
        {
            actual["Warning"] = string.Join(", ", response.Headers.NonValidated["Warning"]);
        }

        if (response.Headers.NonValidated.Contains("Retry-After"))
        {
            actual["Retry-After"] = string.Join(", ", response.Headers.NonValidated["Retry-After"]);
        }

        Learn(expected["body"], body);
        actual["body"] = RecordedCluster.Cut(file, step, body);
        await RecordedCluster.AfterAsync(recorded, response, this);
        var differences = Difference.Between(Mask.Of(expected), Mask.Of(actual)).ToList();
        if (step["webhook"]?["received"] is JsonArray received)
        {
            differences.AddRange(Difference.Between(Mask.Of(received), Mask.Of(Webhooks!.Take()), "webhook"));
        }

        return differences;
    }

    private HttpClient ClientFor(JsonObject step) => step["note"]?.ToString() is "bad token" or "anonymous" ? _anonymous : cluster.Http;

    private HttpRequestMessage Build(JsonObject recorded, string? note)
    {
        var path = recorded["path"]!.ToString();
        path = System.Text.RegularExpressions.Regex.Replace(path, "continue=eyJ[^&]+", _ => "continue=" + Uri.EscapeDataString(_continue));
        path = System.Text.RegularExpressions.Regex.Replace(path, @"resourceVersion=(\d{4,7})\b", m => "resourceVersion=" + _replacements.GetValueOrDefault(m.Groups[1].Value, m.Groups[1].Value));
        var request = new HttpRequestMessage(new HttpMethod(recorded["method"]!.ToString()), path.TrimStart('/'));
        request.Headers.UserAgent.Clear();
        // The recorder sent no user agent where none is recorded; then a write is "unknown"'s.
        request.Headers.TryAddWithoutValidation("User-Agent", "unknown/1");
        if (note == "bad token")
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "bad");
        }

        byte[]? body = recorded["rawBody"]?.ToString() is { } raw ? Raw(raw) : recorded["body"] is { } json ? Encoding.UTF8.GetBytes(Replace(json)) : null;
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
        }

        foreach (var (name, value) in (recorded["headers"] as JsonObject) ?? [])
        {
            if (name == "Content-Type")
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value!.ToString());
            }
            else
            {
                request.Headers.Remove(name);
                request.Headers.TryAddWithoutValidation(name, value!.ToString());
            }
        }

        return request;
    }

    private static byte[] Raw(string raw)
    {
        var size = System.Text.RegularExpressions.Regex.Match(raw, @"\A<(\d+) bytes>\z");
        if (!size.Success)
        {
            return Encoding.UTF8.GetBytes(raw);
        }

        const string start = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"big\"},\"data\":{\"a\":\"";
        const string end = "\"}}";
        return Encoding.UTF8.GetBytes(start + new string('x', int.Parse(size.Groups[1].Value) - start.Length - end.Length) + end);
    }

    private string Replace(JsonNode body)
    {
        var text = body.ToJsonString();
        foreach (var (recorded, ours) in _replacements)
        {
            text = text.Replace($"\"{recorded}\"", $"\"{ours}\"", StringComparison.Ordinal);
        }

        text = text.Replace("\\u003Ca JSON Web Token\\u003E", _token, StringComparison.Ordinal);
        return Webhooks is null
            ? text
            : text.Replace("https://127.0.0.1:18443", Webhooks.Address, StringComparison.Ordinal).Replace("\"caBundle\":\"CA\"", $"\"caBundle\":\"{Webhooks.CaBundle}\"", StringComparison.Ordinal);
    }

    /// <summary>Pairs what the recorded server made with what this one made.</summary>
    private void Learn(JsonNode? expected, JsonNode? actual)
    {
        switch (expected, actual)
        {
            case (JsonObject left, JsonObject right):
                foreach (var (name, value) in left)
                {
                    if (name is "uid" or "resourceVersion" && value is JsonValue && right[name] is JsonValue ours && value.ToString().Length > 3)
                    {
                        _replacements[value.ToString()] = ours.ToString();
                    }
                    else if (name == "continue" && right[name] is { } token)
                    {
                        _continue = token.ToString();
                    }
                    else if (name == "token" && right[name] is { } jwt && left.ContainsKey("expirationTimestamp"))
                    {
                        _token = jwt.ToString();
                    }
                    else
                    {
                        Learn(value, right[name]);
                    }
                }

                break;
            case (JsonArray left, JsonArray right):
                for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
                {
                    Learn(left[i], right[i]);
                }

                break;
            default:
                break;
        }
    }

    private void Judge(int step, List<string> differences)
    {
        var known = KnownDifferences.Reason(file, step);
        if (differences.Count > 0 && known is null)
        {
            Failures.Add($"{file}#{step}:\n  {string.Join("\n  ", differences.Take(12))}");
        }
        else if (differences.Count == 0 && known is not null)
        {
            Failures.Add($"{file}#{step} no longer differs: take it off the list ({known})");
        }
    }
}
