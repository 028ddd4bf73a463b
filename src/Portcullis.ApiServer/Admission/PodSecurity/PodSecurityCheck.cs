using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.PodSecurity;

/// <summary>What a check found wrong: a reason, and the detail in brackets behind it.</summary>
internal sealed record PodSecurityViolation(string Reason, string Detail)
{
    public override string ToString() => Detail.Length == 0 ? Reason : $"{Reason} ({Detail})";
}

/// <summary>
/// One control of the Pod Security Standards. <see cref="Overlapped"/> marks a baseline control that a stricter restricted one
/// replaces; <see cref="Since"/> and <see cref="Until"/> the minor versions (until exclusive) in which it holds.
/// </summary>
internal sealed record PodSecurityCheck(Func<PodView, PodSecurityViolation?> Find)
{
    public bool Overlapped { get; init; }

    public int Since { get; init; }

    public int Until { get; init; } = int.MaxValue;

    public bool HoldsIn(int? minor) => (minor ?? int.MaxValue - 1) is var at && at >= Since && at < Until;
}

/// <summary>A pod as the checks read it, with the wording of their messages.</summary>
internal sealed record PodView(JsonObject? Metadata, JsonObject? Spec)
{
    public JsonObject? SecurityContext => Spec.Object("securityContext");

    public IReadOnlyList<JsonObject> Containers { get; } = [.. PodTemplates.AllContainers(Spec)];

    public bool IsWindows => Spec.Object("os").String("name") == "windows";

    public bool UsesUserNamespace => Spec.Flag("hostUsers") == false;

    public IEnumerable<JsonObject> Volumes => Spec.Array("volumes")?.OfType<JsonObject>() ?? [];

    /// <summary>The names of the containers for which it holds.</summary>
    public List<string> Where(Func<JsonObject, bool> condition) => [.. Containers.Where(condition).Select(PodTemplates.Name)];

    public static JsonObject? ContextOf(JsonObject container) => container.Object("securityContext");

    /// <summary><c>container "a"</c>, or <c>containers "a", "b"</c>.</summary>
    public static string Named(List<string> containers) => $"{Plural(containers, "container", "containers")} {Quoted(containers)}";

    /// <summary><c>pod and container "a"</c>, or what of it there is.</summary>
    public static string Setters(bool pod, List<string> containers) =>
        string.Join(" and ", (string[])[.. pod ? (string[])["pod"] : [], .. containers.Count > 0 ? (string[])[Named(containers)] : []]);

    public static string Quoted(IEnumerable<string> values) => string.Join(", ", values.Select(value => $"\"{value}\""));

    public static string Plural<T>(IReadOnlyCollection<T> items, string one, string many) => items.Count == 1 ? one : many;

    public static List<string> Sorted(IEnumerable<string> values) => [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
