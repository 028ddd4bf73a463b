using System.Text.Json.Nodes;
using Portcullis.Core.Access;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Grants;

/// <summary>What a binding that stands for no Grant gives, and to whom.</summary>
/// <param name="Binding">Its key; without a namespace, it gives the role in every namespace.</param>
/// <param name="Role">KIND NAME of the role.</param>
/// <param name="Subjects">Who has the role, in order.</param>
public sealed record ForeignAccess(ObjectKey Binding, string Role, IReadOnlyList<string> Subjects)
{
    /// <summary>The label on what the API server itself binds (Kubernetes documentation, "Auto-reconciliation").</summary>
    private const string Bootstrapping = "kubernetes.io/bootstrapping";

    private const int Shown = 5;

    /// <summary>
    /// Null when the binding gives nothing that an auditor of Grants has to know: it stands for Grants, has no subject, gives only service accounts rights in
    /// their own namespace, or is one of the API server's own.
    /// </summary>
    public static ForeignAccess? Of(JsonObject binding)
    {
        var metadata = binding.Object("metadata");
        var @namespace = metadata.String("namespace") ?? "";
        if (!UngrantedBinding.Is(binding) || metadata.Object("labels").String(Bootstrapping) is not null)
        {
            return null;
        }

        var subjects = (binding.Array("subjects") ?? []).Select(RbacSubject.Read).OfType<RbacSubject>()
            .Where(s => s.Kind != "ServiceAccount" || s.Namespace != @namespace || @namespace.Length == 0)
            .Distinct().Order().Select(s => s.ToString()).ToList();
        var role = binding.Object("roleRef");
        return subjects.Count == 0
            ? null
            : new ForeignAccess(new ObjectKey(@namespace, metadata.String("name") ?? ""), $"{role.String("kind")} {role.String("name")}", subjects);
    }

    public static bool Is(JsonObject binding) => Of(binding) is not null;

    /// <summary>In the order of namespaces and names.</summary>
    public static IReadOnlyList<ForeignAccess> Among(IEnumerable<JsonObject> bindings) => [.. bindings.Select(Of).OfType<ForeignAccess>().OrderBy(f => f.Binding)];

    public override string ToString() =>
        $"{Binding}: {Role} to {string.Join(", ", Subjects.Take(Shown))}{(Subjects.Count > Shown ? $" and {Subjects.Count - Shown} more" : "")}";
}
