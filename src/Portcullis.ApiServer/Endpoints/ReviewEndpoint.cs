using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Patches.Apply;
using Portcullis.ApiServer.Resources;
using Portcullis.ApiServer.Reviews;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Endpoints;

/// <summary>Kinds that are answered and never stored: reads the question, has it answered.</summary>
internal sealed class ReviewEndpoint(IReadOnlyList<IVirtualResource> reviews, TimeProvider time)
{
    private readonly Dictionary<string, IVirtualResource> _byPath = reviews.ToDictionary(PathOf, StringComparer.Ordinal);

    public IVirtualResource? Find(RequestAttributes attributes)
    {
        var resource = attributes.Subresource.Length == 0 ? attributes.Resource : $"{attributes.Resource}/{attributes.Subresource}";
        return _byPath.GetValueOrDefault($"{attributes.Group}/{attributes.Version}/{resource}");
    }

    public async Task HandleAsync(
        HttpContext context, IVirtualResource review, UserInfo user, RequestAttributes attributes, string manager)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            throw StatusException.MethodNotAllowed();
        }

        var cancellationToken = context.RequestAborted;
        var body = await RequestBody.ReadAsync(context.Request, cancellationToken);
        var schema = BuiltInSchemas.Text[review.Resource.Kind];
        var value = BodyReader.Read(body, RequestBody.MediaType(context.Request), review.Resource.Kind, schema, []);
        Own(review, schema, attributes, value, manager);
        await Answer.WriteAsync(context, 201, await review.CreateAsync(user, attributes, value, cancellationToken));
    }

    /// <summary>Even a question is recorded under who asked it, as the real API does.</summary>
    private void Own(IVirtualResource review, StructuralSchema schema, RequestAttributes attributes, JsonObject value, string manager)
    {
        try
        {
            value["apiVersion"] = review.Resource.ApiVersion;
            value["kind"] = review.Resource.Kind;
            TypedDecoder.Normalize(value, schema, []);
        }
        catch (DecodeException error)
        {
            throw StatusException.BadRequest(
                $"{review.Resource.Kind} in version \"{review.Resource.Version}\" cannot be handled as a {review.Resource.Kind}: {error.Message}");
        }

        SchemaDefaults.Apply(value, schema);
        Metadata.Of(value).Remove("managedFields");
        var managed = new ManagedFields();
        var updater = ManagerKey.Updater(manager, review.Resource.ApiVersion, attributes.Subresource);
        FieldOwnership.RecordUpdate(TypedDecoder.Empty(schema), value, managed, updater, schema, KubernetesJson.Time(time.GetUtcNow()));
        managed.WriteTo(value);
    }

    private static string PathOf(IVirtualResource review)
    {
        var resource = review.Resource;
        return resource.Plural.Contains('/', StringComparison.Ordinal)
            ? $"/v1/{resource.Plural}"
            : $"{resource.Group}/{resource.Version}/{resource.Plural}";
    }
}
