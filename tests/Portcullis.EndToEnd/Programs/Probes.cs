using System.Globalization;
using System.Net;
using Portcullis.Testing;

namespace Portcullis.EndToEnd.Programs;

/// <summary>Asks a port of the running program over HTTP, as a kubelet or a scraper does.</summary>
internal sealed class Probes(int port) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler()) { BaseAddress = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}") };

    /// <summary>Null while nobody listens.</summary>
    public async Task<(HttpStatusCode Code, string Text, string? ContentType)?> AskAsync(string path)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentType?.ToString());
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The text of the first answer with that code.</summary>
    public async Task<string> UntilAsync(string path, HttpStatusCode code)
    {
        (HttpStatusCode Code, string Text, string? ContentType)? last = null;
        await Eventually.HoldsAsync(async () => (last = await AskAsync(path))?.Code == code, TimeSpan.FromSeconds(60), $"{path} to answer {code}");
        return last!.Value.Text;
    }

    public void Dispose() => _http.Dispose();
}
