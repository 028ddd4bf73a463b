using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Bootstrap;

/// <summary>The manifests of <c>config/rbac</c> as they were when the program was built.</summary>
internal static class InstalledRights
{
    private const string Folder = "rbac/";

    /// <summary>The names of its ClusterRoles.</summary>
    public static FrozenSet<string> RoleNames { get; } = Manifests()
        .Where(m => m.String("kind") == ClusterKinds.ClusterRole.Kind)
        .Select(m => m.Object("metadata").String("name")!)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Every document, in the order of the files' names.</summary>
    public static IEnumerable<JsonObject> Manifests()
    {
        var program = Assembly.GetExecutingAssembly();
        foreach (var name in program.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = program.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            foreach (var document in KubernetesYaml.Read(bytes.ToArray()).Documents)
            {
                if (document.Root is JsonObject value)
                {
                    yield return value;
                }
            }
        }
    }
}
