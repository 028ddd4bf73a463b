using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Scopes;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Scopes;

/// <summary>Design section 8: what a source may not declare.</summary>
public class ScopeCheckTests
{
    private static readonly SourceScope Team = new()
    {
        Kinds = ["Collection", "Grant", "AccessRole", "ConfigMap", "Namespace"],
        Collections = ["/mobile"],
        Namespaces = ["mobile-*"],
        Subjects = ["Team:acme/*", "User:ann"],
        Repositories = ["mobile/*"],
        MaximumRole = "RestrictedControl",
    };

    [Test]
    public void A_source_declares_what_its_scope_names() =>
        Assert.That(Check(Team, Collection("/mobile/android", "mobile-a"), Grant("/mobile", "Team", "acme/dev", "ViewOnly")), Is.Empty);

    [Test]
    public void Nothing_is_the_default() =>
        Assert.That(
            Check(new SourceScope(), Collection("/mobile", "mobile-a")).Single(),
            Does.Contain("the kind Collection.portcullis.dev is not in the source's scope.kinds"));

    [TestCase("/mobilex", "a", "the collection /mobilex is not in the source's scope.collections")]
    [TestCase("/mobile", "kube-system", "the namespace kube-system is reserved for the root source")]
    [TestCase("/mobile", "other", "the namespace other is not in the source's scope.namespaces")]
    public void A_collection_stays_inside(string path, string space, string expected) =>
        Assert.That(Check(Team, Collection(path, space)), Has.Some.Contains(expected));

    [TestCase("/other", "Team", "acme/dev", "ViewOnly", "the collection /other is not in")]
    [TestCase("/mobile", "User", "bob", "ViewOnly", "User:bob is not in the source's scope.subjects")]
    [TestCase("/mobile", "User", "ann", "FullControl", "grants more than the source's scope.maximumRole, RestrictedControl")]
    public void A_grant_stays_inside(string collection, string kind, string name, string role, string expected) =>
        Assert.That(Check(Team, Grant(collection, kind, name, role)), Has.Some.Contains(expected));

    [Test]
    public void A_slash_at_the_end_of_a_scopes_collection_changes_nothing() =>
        Assert.That(Check(Team with { Collections = ["/mobile/"] }, Collection("/mobile", "mobile-a"), Grant("/mobile", "User", "ann", "ViewOnly")), Is.Empty);

    [Test]
    public void A_role_of_its_own_cannot_smuggle_more_in()
    {
        var role = "apiVersion: portcullis.dev/v1alpha1\nkind: AccessRole\nmetadata: {name: mine}\nspec:\n  operations:\n  - name: Container Create\n    options: [Privileged]\n";

        Assert.That(Check(Team, role, Grant("/mobile", "User", "ann", "mine")), Has.Some.Contains("the role mine grants more"));
    }

    [TestCase("rbac.authorization.k8s.io/v1", "ClusterRole")]
    [TestCase("rbac.authorization.k8s.io/v1", "RoleBinding")]
    [TestCase("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration")]
    public void Kinds_that_reach_everything_are_the_root_sources_alone(string apiVersion, string kind)
    {
        var space = kind == "RoleBinding" ? ", namespace: mobile-a" : "";
        var scope = Team with { Kinds = [kind, kind + ".rbac.authorization.k8s.io", kind + ".admissionregistration.k8s.io"] };

        Assert.That(
            Check(scope, $"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: a{space}}}\n{(kind == "RoleBinding" ? "roleRef: {kind: Role, name: a}\n" : "")}"), Has.Some.Contains($"only the root source may declare {kind}"));
    }

    [Test]
    public void What_another_source_owns_is_not_taken()
    {
        var problems = Check(Team, false, false, "other", Collection("/mobile", "mobile-a"));

        Assert.That(problems, Has.Some.EqualTo("f0.yaml:1: Collection a: belongs to the GitSource other; only the root source may take it over"));
        Assert.That(Check(new SourceScope(), true, false, "other", Collection("/mobile", "mobile-a")), Is.Empty);
    }

    [Test]
    public void Keys_that_give_root_need_a_verified_source_even_for_root()
    {
        var hardening = "apiVersion: portcullis.dev/v1alpha1\nkind: NodeHardening\nmetadata: {name: a}\nspec:\n  daemonJSON:\n    icc: false\n    runtimes: {x: {path: /bin/x}}\n";

        Assert.That(Check(new SourceScope(), true, false, null, hardening), Has.Some.Contains("runtimes may give root on the node"));
        Assert.That(Check(new SourceScope(), true, true, null, hardening), Is.Empty);
    }

    [TestCase("{repository: mobile/api, collection: /mobile, secretRef: {name: mobile-key}}", null, null)]
    [TestCase("{repository: other/api}", "spec.repository", "the repository other/api is not in the source's scope.repositories")]
    [TestCase("{collection: /mobilex}", "spec.collection", "the collection /mobilex is not in the source's scope.collections")]
    [TestCase("{secretRef: {name: other}}", "spec.secretRef.name", "the Secret other is not in the source's scope.secrets")]
    [TestCase("{mirror: {caSecretRef: {name: other}}}", "spec.mirror.caSecretRef.name", "the Secret other is not in the source's scope.secrets")]
    [TestCase("{hooks: [{secretRef: {name: mobile-key}}, {secretRef: {name: other}}]}", "spec.hooks[1].secretRef.name", "the Secret other is not in the source's scope.secrets")]
    public void What_a_kind_of_ours_claims_stays_inside(string spec, string? field, string? expected) =>
        Assert.That(CheckWidget(spec, WidgetClaims), Is.EqualTo(expected is null ? [] : new[] { $"{field}: Widget a: {expected}" }));

    /// <summary>No field is guessed at, so that there is none by which such a kind could pass.</summary>
    [TestCase("{repository: mobile/api}")]
    [TestCase("{repositories: []}")]
    [TestCase("{}")]
    public void A_kind_that_claims_nothing_is_the_root_sources_alone(string spec) =>
        Assert.That(CheckWidget(spec, null), Is.EqualTo(new[] { "kind: Widget a: only the root source may declare Widget" }));

    [TestCase("*", "anything", true)]
    [TestCase("mobile-*", "mobile-", true)]
    [TestCase("mobile-*", "mobile", false)]
    [TestCase("a*c*e", "abcde", true)]
    [TestCase("a*c*e", "abcdef", false)]
    [TestCase("mobile/*", "mobile/*", true)]
    [TestCase("mobile/*", "*", false)]
    public void A_pattern_covers_names_and_narrower_patterns(string pattern, string text, bool covers) =>
        Assert.That(Glob.Covers(pattern, text), Is.EqualTo(covers));

    private static IEnumerable<ScopeClaim> WidgetClaims(DeclaredObject one)
    {
        var spec = one.Value.Object("spec");
        return ((ScopeClaim?[])
        [
            spec.String("repository") is { } repository ? new ScopeClaim.Repository("spec.repository", repository) : null,
            spec.String("collection") is { } collection ? new ScopeClaim.Collection("spec.collection", collection) : null,
        ]).OfType<ScopeClaim>();
    }

    /// <summary>The field and the message of each problem.</summary>
    private static List<string> CheckWidget(string spec, Func<DeclaredObject, IEnumerable<ScopeClaim>>? claims)
    {
        var kind = Core.Collections.Collection.KindDefinition with { Resource = new ApiResource(WellKnown.Group, WellKnown.Version, "Widget", "widgets", false), Claims = claims };
        var value = (JsonObject)KubernetesYaml.Read(Encoding.UTF8.GetBytes("{metadata: {name: a}, spec: " + spec + "}")).Documents.Single().Root;
        var declared = new DeclaredObject(kind.Resource, ObjectKey.Cluster("a"), () => value, field => new SourcePosition(field, 1));
        var holder = new ScopeHolder("team", false, Team with { Kinds = ["Widget"], Secrets = ["mobile-*"] }, false);
        return [.. ScopeCheck.Check(new DeclaredRevision([declared], []), holder, CoreKinds.All.With(kind), _ => null).Select(p => $"{p.Position.File}: {p.Message}")];
    }

    private static string Collection(string path, string space) =>
        $"apiVersion: portcullis.dev/v1alpha1\nkind: Collection\nmetadata: {{name: a}}\nspec:\n  path: {path}\n  namespaces:\n  - name: {space}\n";

    private static string Grant(string collection, string kind, string name, string role) =>
        $"apiVersion: portcullis.dev/v1alpha1\nkind: Grant\nmetadata: {{name: g}}\nspec:\n  collection: {collection}\n  role: {role}\n  subject: {{kind: {kind}, name: {name}}}\n";

    private static List<string> Check(SourceScope scope, params string[] texts) => Check(scope, false, false, null, texts);

    private static List<string> Check(SourceScope scope, bool root, bool verified, string? owner, params string[] texts)
    {
        var files = texts.Select((t, i) => new RevisionFile($"f{i}.yaml", new ManifestReader(CoreKinds.All).Read(Encoding.UTF8.GetBytes(t)))).ToList();
        var content = RevisionContent.Assemble(files, CoreKinds.All, BuiltInKinds.Find);
        Assert.That(content.Problems, Is.Empty);
        var revision = content.ToDeclared([], []);
        return [.. ScopeCheck.Check(revision, new ScopeHolder("team", root, scope, verified), CoreKinds.All, _ => owner).Select(p => p.ToString())];
    }
}
