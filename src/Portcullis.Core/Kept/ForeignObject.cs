using System.Text.Json.Nodes;
using Portcullis.Core.Drift;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Kept;

/// <summary>An object that was there before under a name of ours (law 4). It is named and left alone unless it may be taken over.</summary>
public static class ForeignObject
{
    /// <summary>The reason of conditions.</summary>
    public const string Reason = "ForeignObject";

    /// <summary>Whether we made it or took it over: it carries our label, or our field manager wrote to it.</summary>
    public static bool IsOurs(JsonObject present, string manager) =>
        present.Object("metadata").Object("labels").String(WellKnown.Labels.ManagedBy) == WellKnown.Labels.ManagedByValue
        || (present.Object("metadata").Array("managedFields") ?? [])
            .Any(e => e.String("manager") == manager && e.String("subresource") is null or "");

    /// <summary>What is said of one that is left alone.</summary>
    public static Problem Left(ApiResource resource, ObjectKey key, JsonObject present)
    {
        var remedy = resource.Namespaced
            ? $"delete it, or write mode: Adopt for the namespace {key.Namespace} in its Collection to have it taken over"
            : "delete it";
        return new Problem(Reason, "", $"{resource.Kind} {key} was not made by Portcullis ({LastWritten(present)}): {remedy}");
    }

    /// <summary>What is said of one that was taken over.</summary>
    public static ReportedEvent TakenOver(ApiResource resource, ObjectKey key, JsonObject present) => new(
        Warning: true, "TakenOver", $"{resource.Kind} {key} was not made by Portcullis ({LastWritten(present)}); it was taken over and says what is declared");

    private static string LastWritten(JsonObject present) => $"last written {DriftAttribution.Of(present, null)}";
}
