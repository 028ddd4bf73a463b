using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Portcullis.Clients.Registry.Wire;

namespace Portcullis.Clients.Notary.Wire;

/// <summary>A publication as a Notary server takes it: multipart/form-data, one part a role, named by the role in its file name.</summary>
internal sealed class MetadataUpload
{
    private readonly string _boundary;
    private readonly ReadOnlyMemory<byte> _body;

    private MetadataUpload(string boundary, ReadOnlyMemory<byte> body) => (_boundary, _body) = (boundary, body);

    public static MetadataUpload Of(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> roles)
    {
        // Of chance, so that no content can hold it.
        var boundary = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var body = new MemoryStream();
        foreach (var (role, bytes) in roles.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            Write(body, $"--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{NotaryPaths.RoleName(role)}\"\r\nContent-Type: application/octet-stream\r\n\r\n");
            body.Write(bytes.Span);
            Write(body, "\r\n");
        }

        Write(body, $"--{boundary}--\r\n");
        return new MetadataUpload(boundary, body.GetBuffer().AsMemory(0, (int)body.Length));
    }

    public HttpRequestMessage Request(Uri url)
    {
        var content = new PiecewiseContent(_body);
        content.Headers.ContentType = new MediaTypeHeaderValue("multipart/form-data") { Parameters = { new NameValueHeaderValue("boundary", _boundary) } };
        return new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
    }

    private static void Write(MemoryStream body, string text) => body.Write(Encoding.ASCII.GetBytes(text));
}
