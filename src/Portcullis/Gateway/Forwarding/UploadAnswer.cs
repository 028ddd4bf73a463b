using Microsoft.AspNetCore.Http;
using Portcullis.Core.Registries.Requests;

namespace Portcullis.Gateway.Forwarding;

/// <summary>What clients are told of an upload, and what they may send next.</summary>
internal static class UploadAnswer
{
    /// <summary>Refuses a chunk that does not begin where the registry is ("Pushing a blob in chunks"), or is not as long as it says.</summary>
    /// <param name="http">The chunk.</param>
    /// <param name="asked">The location that the client names.</param>
    /// <param name="latest">The same upload after the last chunk.</param>
    /// <param name="repository">Of the upload.</param>
    /// <exception cref="GatewayRefusal">It is out of order.</exception>
    public static void Check(HttpContext http, UploadLocation asked, UploadLocation latest, string repository)
    {
        if (http.Request.Headers.ContentRange.ToString() is not { Length: > 0 } text)
        {
            // Without a range the chunk begins where its location says.
            if (latest != asked && http.Request.ContentLength != 0)
            {
                throw OutOfOrder(latest, repository, asked.Offset ?? 0);
            }

            return;
        }

        if (ContentRange.Parse(text) is not { } range)
        {
            throw new GatewayRefusal(new RegistryError(StatusCodes.Status400BadRequest, "BLOB_UPLOAD_INVALID", "Content-Range must be FIRST-LAST"));
        }

        if (http.Request.ContentLength is { } length && length != range.Length)
        {
            throw new GatewayRefusal(new RegistryError(StatusCodes.Status400BadRequest, "SIZE_INVALID", $"Content-Range says {range.Length} bytes, Content-Length {length}"));
        }

        if (latest.Offset is { } offset && range.First != offset)
        {
            throw OutOfOrder(latest, repository, range.First);
        }
    }

    /// <summary>How much the registry has by its answer; null when it says <c>0-0</c>, which docker-registry says of nothing as well as of one byte.</summary>
    public static long? OffsetOf(HttpResponse response) =>
        ContentRange.Parse(response.Headers.Range.ToString()) is { First: 0, Last: > 0 } range ? range.Last + 1 : null;

    /// <summary>Writes the location as clients need it: with how much the registry has.</summary>
    /// <returns>The location; null when the answer names none.</returns>
    /// <exception cref="GatewayRefusal">It is no location of an upload into this repository.</exception>
    public static UploadLocation? Locate(HttpResponse response, string repository, long offset)
    {
        if (response.StatusCode is not (StatusCodes.Status202Accepted or StatusCodes.Status204NoContent) || response.Headers.Location.ToString() is not { Length: > 0 } location)
        {
            return null;
        }

        var query = location.IndexOf('?', StringComparison.Ordinal);
        var (path, parameters) = query < 0 ? (location, "") : (location[..query], location[query..]);
        if (RegistryRequestParser.Parse("GET", path, parameters) is not RegistryRequest.GetUpload upload || upload.Repository != repository)
        {
            throw new GatewayRefusal(RegistryError.Unavailable(StatusCodes.Status502BadGateway, "the registry names a location for the upload that is none of the specification's"));
        }

        response.Headers.Location = upload.Upload.At(repository, offset);
        return upload.Upload with { Offset = offset };
    }

    private static GatewayRefusal OutOfOrder(UploadLocation latest, string repository, long first)
    {
        var offset = latest.Offset ?? 0;
        return new GatewayRefusal(new RegistryError(
            StatusCodes.Status416RangeNotSatisfiable, "BLOB_UPLOAD_INVALID", $"the chunk begins at {first}, and the registry has {offset} bytes: chunks are taken in order"))
        {
            Headers = new Dictionary<string, string> { ["Location"] = latest.At(repository, offset), ["Range"] = UploadLocation.RangeOf(offset) },
        };
    }
}
