using Microsoft.AspNetCore.Http;
using Portcullis.Http.Serving;

namespace Portcullis.Sources.Receive;

/// <summary>The body of a notice, bounded: who sends it has shown nothing yet.</summary>
internal static class NoticeBody
{
    public const int Limit = 3 * 1024 * 1024;

    /// <summary>Null when it is too long.</summary>
    public static Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken) => BoundedBody.ReadAsync(request, Limit, cancellationToken);
}
