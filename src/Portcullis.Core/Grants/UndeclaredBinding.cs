using System.Text.Json.Nodes;
using Portcullis.Core.Roles;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Grants;

/// <summary>A binding that gives one of our roles and stands for no Grant, so that Git does not declare what it gives (design law 1).</summary>
public static class UndeclaredBinding
{
    /// <summary>Whether a RoleBinding or ClusterRoleBinding gives a role of ours and is none that stands for Grants.</summary>
    public static bool Is(JsonObject binding) =>
        binding.Object("roleRef").String("kind") == ClusterKinds.ClusterRole.Kind
        && binding.Object("roleRef").String("name") is { } role
        && role.StartsWith(ResolvedRole.ClusterRolePrefix, StringComparison.Ordinal)
        && UngrantedBinding.Is(binding);

    /// <summary>What it gave, and to whom, for the Event about its removal.</summary>
    public static string Describe(JsonObject binding)
    {
        var subjects = (binding.Array("subjects") ?? []).Select(s => $"{s.String("kind")} {s.String("name")}").ToList();
        return $"{binding.Object("roleRef").String("name")} to {(subjects.Count == 0 ? "nobody" : string.Join(", ", subjects.Take(5)))}{(subjects.Count > 5 ? $" and {subjects.Count - 5} more" : "")}";
    }
}
