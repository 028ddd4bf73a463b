using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Portcullis.Core.Scopes;

/// <summary>What a source may declare. Whatever is not listed is refused; the default is nothing.</summary>
public sealed record SourceScope
{
    [Description("Kinds: Grant, or Kind.group for kinds of others (ConfigMap, Ingress.networking.k8s.io).")]
    [Items(100)]
    public IReadOnlyList<string>? Kinds { get; init; }

    [Description("Collections: a path includes everything below it.")]
    [Items(100)]
    public IReadOnlyList<string>? Collections { get; init; }

    [Description("Namespaces, * for any part of the name.")]
    [Items(100)]
    public IReadOnlyList<string>? Namespaces { get; init; }

    [Description("Subjects of grants: User:ann, Team:acme/*, Organization:acme, ServiceAccount:ci/deployer.")]
    [Items(100)]
    public IReadOnlyList<string>? Subjects { get; init; }

    [Description("Registry repositories, * for any part of the name: acme/*.")]
    [Items(100)]
    public IReadOnlyList<string>? Repositories { get; init; }

    [Description("Secrets that its objects may refer to.")]
    [Items(100)]
    public IReadOnlyList<string>? Secrets { get; init; }

    [Description("The highest role that its grants may give: None, ViewOnly, RestrictedControl, Scheduler or FullControl.")]
    [StringLength(63, MinimumLength = 1)]
    public string? MaximumRole { get; init; }
}
