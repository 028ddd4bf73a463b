using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Objects.Json;

namespace Portcullis.Uninstall;

/// <summary>Which objects of Kubernetes' own kinds are the program's. Pure.</summary>
internal static class OwnObjects
{
    private const string RolePrefix = "portcullis:";

    /// <summary>
    /// Whether a binding gives rights to nobody but ServiceAccounts of the system namespace. Left behind, it would give them to whoever makes a
    /// namespace and a ServiceAccount of these names later.
    /// </summary>
    public static bool IsForOurAccountsOnly(JsonObject binding) =>
        binding.Array("subjects") is { Count: > 0 } subjects
        && subjects.All(s => s.String("kind") == "ServiceAccount" && s.String("namespace") == WellKnown.SystemNamespace);

    /// <summary>Whether a RoleBinding was made for Grants.</summary>
    public static bool IsGranted(JsonObject binding) =>
        binding.Object("metadata").Object("labels").String(WellKnown.Labels.Role) is not null
        && binding.Object("roleRef").String("name")?.StartsWith(RolePrefix, StringComparison.Ordinal) == true;

    /// <summary>Whether a ClusterRole was made for a role of ours.</summary>
    public static bool IsRole(JsonObject role) => NameOf(role).StartsWith(RolePrefix, StringComparison.Ordinal);

    public static bool IsGuardrail(JsonObject value) => NameOf(value) == GuardrailObjects.Name;

    /// <summary>Whether a CRD defines a kind of ours, of whatever version of the program.</summary>
    public static bool IsDefinition(JsonObject crd) => crd.Object("spec").String("group") == WellKnown.Group;

    /// <summary>Whether a namespace or node carries labels or an annotation of a Collection. <c>created-for</c> stays, as when a Collection goes.</summary>
    public static bool IsMarked(JsonObject value) =>
        CollectionPlanner.OwnLabels(value).Count > 0 || value.Object("metadata").Object("annotations").String(WellKnown.Annotations.AccessLabel) is not null;

    public static string NameOf(JsonObject value) => value.Object("metadata").String("name") ?? "";
}
