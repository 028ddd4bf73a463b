using System.Text.Json.Nodes;

namespace Portcullis.ApiServer.Controllers;

/// <summary>
/// The API's own write path (admission, validation, finalizers and all) for the server's built-in controllers, which act as
/// <c>system:masters</c> users named after themselves. Throws <c>StatusException</c> like a request would be answered.
/// </summary>
internal interface IResourceOperations
{
    Task<JsonObject> CreateAsync(string actor, ApiResource resource, JsonObject value, CancellationToken cancellationToken);

    /// <summary>Update of the object, or of a subresource (<c>status</c>, <c>finalize</c>).</summary>
    Task<JsonObject> UpdateAsync(string actor, ApiResource resource, JsonObject value, string subresource, CancellationToken cancellationToken);

    /// <summary>Server-side apply with the actor as field manager, forced.</summary>
    Task<JsonObject> ApplyAsync(string actor, ApiResource resource, JsonObject value, CancellationToken cancellationToken);

    /// <summary>Delete with preconditions and propagation as in DeleteOptions; nothing to do when it is already gone.</summary>
    Task DeleteAsync(string actor, ApiResource resource, ObjectKey key, JsonObject? deleteOptions, CancellationToken cancellationToken);
}
