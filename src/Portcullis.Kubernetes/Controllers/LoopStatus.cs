using System.Text.Json.Nodes;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>The fields of a status that are the loop's own.</summary>
/// <param name="Conditions">All of them, also the reconciler's.</param>
/// <param name="ObservedGeneration">The generation that was last dealt with.</param>
/// <param name="Handled">The request to reconcile that was last dealt with.</param>
/// <param name="Declared">What of the object is declared; null for kinds that nobody declares, too.</param>
internal sealed record LoopStatus(IReadOnlyList<Condition> Conditions, long? ObservedGeneration, string? Handled, Declaration? Declared)
{
    /// <summary>A status with these fields, the rest as it is.</summary>
    public ResourceStatus On(ResourceStatus status)
    {
        var written = status with { Conditions = Conditions, ObservedGeneration = ObservedGeneration, LastHandledReconcileAt = Handled };
        return written is DeclarableStatus declarable ? declarable with { Declared = Declared } : written;
    }

    public static JsonObject ToJson(Declaration declared)
    {
        var json = new JsonObject { ["generation"] = declared.Generation };
        if (declared.Commit is { } commit)
        {
            json["commit"] = commit;
        }

        json["source"] = declared.Source;
        return json;
    }
}
