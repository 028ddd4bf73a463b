using System.Net.Http.Headers;
using System.Text.Json;
using Portcullis.Clients.Registry;

namespace Portcullis.Benchmarks.Promoting;

/// <summary>The floor: the bare requests that a promotion cannot do without, as many at once as the product has under way.</summary>
internal sealed class RequestLoop : IDisposable
{
    private const int MountsAtOnce = 4;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });

    public RequestLoop(Uri registry) => _client.BaseAddress = registry;

    /// <summary>Gets each manifest, mounts its blobs, puts it under its digest and under its tag.</summary>
    public Task CopyAsync(IEnumerable<string> tags, string source, string target, int atOnce) => Parallel.ForEachAsync(
        tags, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (tag, _) => await CopyAsync(tag, source, target));

    public void Dispose() => _client.Dispose();

    private async Task CopyAsync(string tag, string source, string target)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v2/{source}/manifests/{tag}");
        request.Headers.Add("Accept", RegistryMediaTypes.OciManifest);
        using var answer = await _client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var manifest = await answer.Content.ReadAsByteArrayAsync();
        await Parallel.ForEachAsync(BlobsOf(manifest), new ParallelOptions { MaxDegreeOfParallelism = MountsAtOnce }, async (digest, token) =>
        {
            using var mounted = await _client.PostAsync($"v2/{target}/blobs/uploads/?mount={digest}&from={source}", null, token);
            mounted.EnsureSuccessStatusCode();
        });
        await PutAsync(target, ContentDigest.Of(manifest), manifest);
        await PutAsync(target, tag, manifest);
    }

    private async Task PutAsync(string target, string reference, byte[] manifest)
    {
        using var content = new ByteArrayContent(manifest);
        content.Headers.ContentType = new MediaTypeHeaderValue(RegistryMediaTypes.OciManifest);
        using var answer = await _client.PutAsync($"v2/{target}/manifests/{reference}", content);
        answer.EnsureSuccessStatusCode();
    }

    private static List<string> BlobsOf(byte[] manifest)
    {
        using var parsed = JsonDocument.Parse(manifest);
        var root = parsed.RootElement;
        return [.. root.GetProperty("layers").EnumerateArray().Append(root.GetProperty("config")).Select(d => d.GetProperty("digest").GetString()!)];
    }
}
