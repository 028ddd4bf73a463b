using System.Text;
using Portcullis.Core.Revisions;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Revisions;

/// <summary>One mistake is one line, and the line says what was most likely meant.</summary>
public class MisspeltAndBrokenTests
{
    private const string Organization = "apiVersion: portcullis.dev/v1alpha1\nkind: Organization\nmetadata: {name: tidewater}\nspec: {users: [{name: ann}], teams: [{name: mobile, members: [ann]}]}\n";
    private const string Collection = "apiVersion: portcullis.dev/v1alpha1\nkind: Collection\nmetadata: {name: staging}\nspec: {path: /staging}\n";
    private const string Child = "apiVersion: portcullis.dev/v1alpha1\nkind: Collection\nmetadata: {name: mobile}\nspec: {path: /staging/mobile}\n";
    private const string Role = "apiVersion: portcullis.dev/v1alpha1\nkind: AccessRole\nmetadata: {name: release-operator}\nspec: {operations: [{name: Container View}]}\n";
    private const string Grant = "apiVersion: portcullis.dev/v1alpha1\nkind: Grant\nmetadata: {name: g}\nspec:\n  subject: {kind: Team, name: tidewater/mobile}\n  role: release-operator\n  collection: /staging\n";

    [TestCase("role: release-operator", "role: release-opertor", "g.yaml:6: Grant g: there is no role release-opertor; did you mean release-operator?")]
    [TestCase("role: release-operator", "role: ViewOnyl", "g.yaml:6: Grant g: there is no role ViewOnyl; did you mean ViewOnly?")]
    [TestCase("role: release-operator", "role: administrator", "g.yaml:6: Grant g: there is no role administrator")]
    [TestCase("tidewater/mobile", "tidewater/mobil", "g.yaml:5: Grant g: the organization tidewater has no team mobil; did you mean mobile?")]
    [TestCase("tidewater/mobile", "tidwater/mobile", "g.yaml:5: Grant g: there is no organization tidwater; did you mean tidewater?")]
    [TestCase("/staging", "/stagin", "g.yaml:7: Grant g: there is no collection with the path /stagin; did you mean /staging?")]
    [TestCase("kind: Grant", "kind: Grnat", "g.yaml:2: there is no kind Grnat in portcullis.dev/v1alpha1: write kind: Grant and apiVersion: portcullis.dev/v1alpha1")]
    [TestCase("kind: Grant", "kind: NodeReprot", "g.yaml:2: there is no kind NodeReprot in portcullis.dev/v1alpha1")]
    public void What_was_most_likely_meant_is_said(string right, string wrong, string expected) =>
        Assert.That(Check(("o.yaml", Organization), ("c.yaml", Collection), ("r.yaml", Role), ("g.yaml", Grant.Replace(right, wrong))), Is.EqualTo(new[] { expected }));

    [Test]
    public void An_organization_that_is_wrong_is_not_said_to_be_missing_too() =>
        Assert.That(
            Check(("o.yaml", Organization.Replace("members: [ann]", "members: [yes]")), ("c.yaml", Collection), ("r.yaml", Role), ("g.yaml", Grant)),
            Is.EqualTo(new[] { "o.yaml:4: Organization tidewater: spec.teams[0].members[0]: must be of type string, not boolean; put it in quotes" }));

    [Test]
    public void A_collection_that_is_wrong_is_not_said_to_be_missing_to_its_children_and_grants() =>
        Assert.That(
            Check(("o.yaml", Organization), ("c.yaml", Collection.Replace("path: /staging", "path: /staging, suspend: maybe")), ("d.yaml", Child), ("r.yaml", Role), ("g.yaml", Grant)),
            Is.EqualTo(new[] { "c.yaml:4: Collection staging: spec.suspend: must be of type boolean, not string" }));

    [Test]
    public void A_role_that_may_not_be_is_told_once() =>
        Assert.That(
            Check(("o.yaml", Organization), ("c.yaml", Collection), ("r.yaml", Role.Replace("operations: [{name: Container View}]", "rules: [{apiGroups: [''], resources: [nodes/proxy], verbs: [get]}]")), ("g.yaml", Grant)),
            Is.EqualTo(new[] { "r.yaml:4: AccessRole release-operator: no role may contain nodes/proxy" }));

    [Test]
    public void A_file_that_does_not_read_may_hold_what_others_name() =>
        Assert.That(Check(("o.yaml", Organization), ("c.yaml", "\tkind: Collection\n"), ("r.yaml", Role), ("g.yaml", Grant)), Has.Length.EqualTo(1).And.All.StartsWith("c.yaml:1:"));

    [Test]
    public void Another_object_that_is_wrong_excuses_nothing() =>
        Assert.That(
            Check(("o.yaml", Organization.Replace("tidewater", "brightyard").Replace("[ann]", "[yes]")), ("c.yaml", Collection), ("r.yaml", Role), ("g.yaml", Grant)),
            Has.Length.EqualTo(2).And.Contains("g.yaml:5: Grant g: there is no organization tidewater"));

    private static string[] Check(params (string Path, string Text)[] files)
    {
        var content = RevisionContent.Assemble(files.Select(f => new RevisionFile(f.Path, new ManifestReader(CoreKinds.All).Read(Encoding.UTF8.GetBytes(f.Text)))), CoreKinds.All, BuiltInKinds.Find);
        return [.. content.Problems.Concat(RevisionRules.Check(content.ToDeclared([], []), CoreKinds.All)).Select(p => p.ToString())];
    }
}
