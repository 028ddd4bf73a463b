using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Grants;

/// <summary>A RoleBinding or ClusterRoleBinding that stands for no Grant, whoever made it.</summary>
public static class UngrantedBinding
{
    public static bool Is(JsonObject binding)
    {
        var metadata = binding.Object("metadata");
        return !(BindingPlanner.IsOurs(metadata.String("name") ?? "")
            && metadata.String("namespace") is not null
            && metadata.Object("labels").String(WellKnown.Labels.ManagedBy) == WellKnown.Labels.ManagedByValue);
    }
}
