using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Errors;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission;

/// <summary>Builds refusals in the shape of the real API's Status errors (apimachinery api/errors).</summary>
internal static class Denial
{
    /// <summary>403 about the request's own object: <c>pods "a" is forbidden: why</c>.</summary>
    public static AdmissionDeniedException Forbidden(AdmissionAttributes request, string why)
    {
        var name = NameOf(request);
        var resource = ForbiddenMessage.Qualified(request.Resource.Plural, request.Resource.Group);
        return new AdmissionDeniedException(
            403, "Forbidden", ForbiddenMessage.Prefix(resource, name) + why, StatusException.DetailsOf(name, request.Resource.Group, request.Resource.Plural));
    }

    /// <summary>404 about any object: <c>namespaces "a" not found</c>.</summary>
    public static AdmissionDeniedException NotFound(string group, string plural, string name) => new(
        404, "NotFound", $"{ForbiddenMessage.Qualified(plural, group)} \"{name}\" not found", StatusException.DetailsOf(name, group, plural));

    /// <summary>500: <c>Internal error occurred: why</c>.</summary>
    public static AdmissionDeniedException Internal(string why) => new(
        500,
        "InternalError",
        $"Internal error occurred: {why}",
        new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = why }) });

    /// <summary>The object's name; its generateName when the server has yet to make one.</summary>
    public static string NameOf(AdmissionAttributes request)
    {
        if (request.Attributes.Name.Length > 0)
        {
            return request.Attributes.Name;
        }

        var metadata = (request.Object ?? request.OldObject).Object("metadata");
        return metadata.String("name") is { Length: > 0 } name ? name : metadata.String("generateName") ?? "";
    }
}
