using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Controllers;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Kinds;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Resources;

/// <summary>The built-in controllers' way in: the same path as a request of a member of <c>system:masters</c>.</summary>
internal sealed class ResourceOperations(ResourceParts parts) : IResourceOperations
{
    private static readonly string[] Masters = ["system:masters", "system:authenticated"];

    public async Task<JsonObject> CreateAsync(string actor, ApiResource resource, JsonObject value, CancellationToken cancellationToken)
    {
        var metadata = value.Object("metadata");
        var operation = For(actor, resource, "create", new ObjectKey(metadata.String("namespace") ?? "", ""), "");
        var result = await parts.Writer.CreateAsync(operation, (JsonObject)value.DeepClone(), cancellationToken);
        return result.Value;
    }

    public async Task<JsonObject> UpdateAsync(
        string actor, ApiResource resource, JsonObject value, string subresource, CancellationToken cancellationToken)
    {
        var metadata = value.Object("metadata");
        var key = new ObjectKey(metadata.String("namespace") ?? "", metadata.String("name") ?? "");
        var operation = For(actor, resource, "update", key, subresource);
        var result = await parts.Writer.UpdateAsync(operation, _ => (JsonObject)value.DeepClone(), applied: false, cancellationToken);
        return result.Value;
    }

    public async Task<JsonObject> ApplyAsync(string actor, ApiResource resource, JsonObject value, CancellationToken cancellationToken)
    {
        var metadata = value.Object("metadata");
        var key = new ObjectKey(metadata.String("namespace") ?? "", metadata.String("name") ?? "");
        var operation = For(actor, resource, "patch", key, "") with { Query = new QueryOptions { FieldManager = actor, Force = true } };
        var result = await parts.Patcher.ApplyAsync(operation, (JsonObject)value.DeepClone(), cancellationToken);
        return result.Value;
    }

    public async Task DeleteAsync(
        string actor, ApiResource resource, ObjectKey key, JsonObject? deleteOptions, CancellationToken cancellationToken)
    {
        try
        {
            var operation = For(actor, resource, "delete", key, "") with { Options = deleteOptions };
            _ = await parts.Deleter.DeleteAsync(operation, Deletion.Parse(deleteOptions, QueryOptions.None), cancellationToken);
        }
        catch (StatusException gone) when (gone.Code == 404 && parts.Store.Get(resource, key) is null)
        {
            // Already gone: what was wanted.
        }
    }

    private Operation For(string actor, ApiResource resource, string verb, ObjectKey key, string subresource)
    {
        var catalog = parts.Kinds.Current;
        var kind = catalog.Find(resource.Group, resource.Version, resource.Plural)
            ?? catalog.Kinds.FirstOrDefault(k => k.Resource.Group == resource.Group && k.Resource.Plural == resource.Plural)
            ?? throw StatusException.NoSuchResource();
        return new Operation
        {
            User = new UserInfo(actor, Masters),
            Kind = kind,
            Manager = actor,
            Attributes = new RequestAttributes
            {
                Verb = verb,
                Path = kind.Resource.CollectionPath(key.Namespace),
                IsResourceRequest = true,
                Group = kind.Resource.Group,
                Version = kind.Resource.Version,
                Resource = kind.Resource.Plural,
                Subresource = subresource,
                Namespace = kind.Resource == StandardKinds.Namespaces ? key.Name : key.Namespace,
                Name = key.Name,
            },
        };
    }
}
