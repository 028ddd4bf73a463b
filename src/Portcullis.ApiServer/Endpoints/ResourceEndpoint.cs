using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Resources;
using Portcullis.ApiServer.Storage;

namespace Portcullis.ApiServer.Endpoints;

/// <summary>Answers a request on one kind: picks the verb, reads the body, calls the read or write path, encodes.</summary>
internal sealed class ResourceEndpoint(
    ResourceParts parts, ObjectEncoder encoder, WatchEndpoint watches, ReviewEndpoint reviews)
{
    public async Task HandleAsync(HttpContext context, UserInfo user, RequestAttributes attributes, QueryOptions query)
    {
        var representation = Representation.Negotiate(context.Request) ?? throw NotAcceptable();
        var cancellation = context.RequestAborted;
        if (reviews.Find(attributes) is { } review)
        {
            await reviews.HandleAsync(context, review, user, attributes, query.FieldManager ?? ManagerOf(context.Request));
            return;
        }

        var catalog = parts.Kinds.Current;
        if (catalog.Find(attributes.Group, attributes.Version, attributes.Resource) is not { } kind)
        {
            if (catalog.Serves(attributes.Group, attributes.Version))
            {
                throw StatusException.NoSuchResource();
            }

            await Answer.TextAsync(context, 404, "404 page not found\n");
            return;
        }

        CheckScope(kind, attributes);
        var operation = new Operation
        {
            User = user,
            Attributes = attributes,
            Kind = kind,
            Query = query,
            Manager = query.FieldManager ?? ManagerOf(context.Request),
            Options = OptionsOf(query),
        };
        switch (attributes.Verb)
        {
            case "get":
                await encoder.ObjectAsync(context, operation, representation, 200, Get(operation));
                break;
            case "list":
                await encoder.ListAsync(context, operation, representation, parts.Lists.Read(operation));
                break;
            case "watch":
                await watches.HandleAsync(context, operation, representation);
                break;
            case "deletecollection":
                await DeleteCollectionAsync(context, operation, representation, cancellation);
                break;
            default:
                await WriteAsync(context, operation, representation, cancellation);
                break;
        }
    }

    private static StatusException NotAcceptable() => new(
        406,
        "NotAcceptable",
        "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf",
        []);

    private static void CheckScope(ServedKind kind, RequestAttributes attributes)
    {
        var inNamespace = attributes.Namespace.Length > 0 && kind.Resource != StandardKinds.Namespaces;
        if (inNamespace != kind.Resource.Namespaced && (inNamespace || attributes.Name.Length > 0))
        {
            throw StatusException.NoSuchResource();
        }

        if (kind.Resource.Namespaced && !inNamespace && attributes.Verb is "create" or "deletecollection")
        {
            throw StatusException.MethodNotAllowed();
        }

        var onCollection = attributes.Name.Length == 0;
        var allowed = attributes.Subresource switch
        {
            "" => kind.Verbs.Contains(attributes.Verb) && (onCollection == attributes.Verb is "list" or "create" or "deletecollection" || attributes.Verb == "watch"),
            "status" when kind.HasStatus => attributes.Verb is "get" or "patch" or "update",
            "scale" when kind.Scale is not null => attributes.Verb is "get" or "patch" or "update",
            "finalize" when kind.Resource == StandardKinds.Namespaces => attributes.Verb == "update",
            _ when kind.IsCustom => throw StatusException.NotFound(kind.Resource, attributes.Name),
            _ => throw NotServed(attributes),
        };
        if (!allowed)
        {
            throw StatusException.MethodNotAllowed();
        }
    }

    /// <summary>Subresources that need a node or a scheduler (logs, exec, eviction) are not implemented, and answer so.</summary>
    private static StatusException NotServed(RequestAttributes attributes) => new(
        404,
        "NotFound",
        $"the server could not find the requested resource: {attributes.Resource}/{attributes.Subresource} is not part of this embedded API",
        []);

    /// <summary>What a write is recorded under when the client names no manager: its user agent up to the first slash.</summary>
    private static string ManagerOf(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString();
        var slash = agent.IndexOf('/', StringComparison.Ordinal);
        var name = slash < 0 ? agent : agent[..slash];
        return name.Length == 0 ? "unknown" : name.Length > 128 ? name[..128] : name;
    }

    /// <summary>The query's options as admission passes them on.</summary>
    private static JsonObject? OptionsOf(QueryOptions query)
    {
        var options = new JsonObject();
        if (query.FieldManager is { } manager)
        {
            options["fieldManager"] = manager;
        }

        if (query.FieldValidation is { } validation)
        {
            options["fieldValidation"] = validation;
        }

        return options.Count == 0 ? null : options;
    }

    private JsonObject Get(Operation operation)
    {
        var stored = parts.Store.Get(operation.Kind.Storage, operation.Key) ?? throw StatusException.NotFound(operation.Resource, operation.Key.Name);
        var value = ObjectPolicy.FromStorage(operation.Kind, stored.Object);
        return operation.Subresource == ScaleView.Subresource ? ScaleView.Of(operation.Kind, value) : value;
    }

    private async Task WriteAsync(HttpContext context, Operation operation, Representation representation, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(context.Request, cancellationToken);
        var contentType = RequestBody.MediaType(context.Request);
        JsonObject value;
        var code = 200;
        try
        {
            switch (operation.Attributes.Verb)
            {
                case "delete":
                    value = await DeleteAsync(operation, body, contentType, cancellationToken);
                    break;
                case "create":
                    RequestChecks.CheckOptions(operation.Query, "CreateOptions");
                    (code, value) = await CreateAsync(operation, body, contentType, cancellationToken);
                    break;
                case "update":
                    RequestChecks.CheckOptions(operation.Query, "UpdateOptions");
                    (code, value) = await UpdateAsync(operation, body, contentType, cancellationToken);
                    break;
                default:
                    RequestChecks.CheckOptions(operation.Query, "PatchOptions");
                    (code, value) = await parts.Patcher.PatchAsync(operation, contentType, body, cancellationToken);
                    break;
            }
        }
        finally
        {
            Answer.Warn(context, operation.Warnings);
        }

        await encoder.ObjectAsync(context, operation, representation, code, value);
    }

    private async Task<WriteResult> CreateAsync(Operation operation, byte[] body, string contentType, CancellationToken cancellationToken)
    {
        try
        {
            var problems = new List<string>();
            var value = BodyReader.Object(body, contentType, operation.Kind, problems);
            ObjectPolicy.Report(operation, problems);
            return await parts.Writer.CreateAsync(operation, value, cancellationToken);
        }
        catch (DecodeException error)
        {
            throw CannotHandle(operation, error);
        }
    }

    private async Task<WriteResult> UpdateAsync(Operation operation, byte[] body, string contentType, CancellationToken cancellationToken)
    {
        try
        {
            if (operation.Subresource == ScaleView.Subresource)
            {
                var scale = BodyReader.Read(body, contentType, ScaleView.Kind, null, []);
                return await parts.Writer.ScaleAsync(operation, _ => scale, cancellationToken);
            }

            var problems = new List<string>();
            var value = BodyReader.Object(body, contentType, operation.Kind, problems);
            ObjectPolicy.Report(operation, problems);
            return await parts.Writer.UpdateAsync(operation, _ => (JsonObject)value.DeepClone(), applied: false, cancellationToken);
        }
        catch (DecodeException error)
        {
            throw CannotHandle(operation, error);
        }
    }

    private static StatusException CannotHandle(Operation operation, DecodeException error) => StatusException.BadRequest(
        $"{operation.Resource.Kind} in version \"{operation.Resource.Version}\" cannot be handled as a {operation.Resource.Kind}: {error.Message}");

    private async Task<JsonObject> DeleteAsync(Operation operation, byte[] body, string contentType, CancellationToken cancellationToken)
    {
        RequestChecks.CheckOptions(operation.Query, "DeleteOptions");
        var options = body.Length == 0 ? null : BodyReader.Read(body, contentType, "DeleteOptions", BuiltInSchemas.Text["DeleteOptions"], []);
        var deletion = Deletion.Parse(options, operation.Query);
        var dry = deletion.DryRun && !operation.DryRun ? operation with { Query = operation.Query with { DryRun = ["All"] } } : operation;
        return await parts.Deleter.DeleteAsync(dry with { Options = options }, deletion, cancellationToken);
    }

    private async Task DeleteCollectionAsync(
        HttpContext context, Operation operation, Representation representation, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(context.Request, cancellationToken);
        var options = body.Length == 0 ? null : BodyReader.Read(body, RequestBody.MediaType(context.Request), "DeleteOptions", BuiltInSchemas.Text["DeleteOptions"], []);
        var deletion = Deletion.Parse(options, operation.Query);
        var version = parts.Store.CurrentVersion;
        var deleted = new List<StoredObject>();
        foreach (var stored in parts.Lists.Select(operation))
        {
            var attributes = operation.Attributes with { Verb = "delete", Name = stored.Key.Name, Namespace = stored.Key.Namespace };
            try
            {
                _ = await parts.Deleter.DeleteAsync(operation with { Attributes = attributes, Options = options }, deletion, cancellationToken);
                deleted.Add(stored);
            }
            catch (StatusException gone) when (gone.Code == 404)
            {
                // Someone else was faster.
            }
        }

        await encoder.ListAsync(context, operation, representation, new ObjectPage(operation.Kind, deleted, version, null, null));
    }
}
