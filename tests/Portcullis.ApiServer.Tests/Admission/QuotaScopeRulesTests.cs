using System.Text.Json.Nodes;
using Portcullis.ApiServer.Admission;

namespace Portcullis.ApiServer.Tests.Admission;

/// <summary>Which scopes a quota may have, in the words of a Kubernetes API server.</summary>
internal sealed class QuotaScopeRulesTests
{
    private const string OnlyExists =
        "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

    [TestCase("""{"hard":{"pods":"1"},"scopes":["BestEffort","Terminating"]}""")]
    [TestCase("""{"hard":{"pods":"1","cpu":"1","limits.memory":"1Gi"},"scopes":["NotBestEffort","PriorityClass"]}""")]
    [TestCase("""{"hard":{"requests.example.com/gpu":"1"},"scopes":["NotTerminating"]}""")]
    [TestCase("""{"hard":{"pods":"1"},"scopeSelector":{"matchExpressions":[{"scopeName":"PriorityClass","operator":"In","values":["high"]}]}}""")]
    [TestCase("""{"hard":{"pods":"1"},"scopeSelector":{"matchExpressions":[{"scopeName":"CrossNamespacePodAffinity","operator":"Exists"}]}}""")]
    [TestCase("""{"hard":{"secrets":"1"}}""")]
    public void A_quota_may_have_scopes_that_go_together_and_with_what_it_bounds(string spec) => Assert.That(Errors(spec), Is.Empty);

    [TestCase("""{"hard":{"pods":"1"},"scopes":["Best"]}""", """spec.scopes: Invalid value: ["Best"]: unsupported scope""")]
    [TestCase("""{"hard":{"pods":"1"},"scopes":["BestEffort","NotBestEffort"]}""", """spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes""")]
    [TestCase("""{"hard":{"pods":"1"},"scopes":["NotTerminating","Terminating"]}""", """spec.scopes: Invalid value: ["NotTerminating","Terminating"]: conflicting scopes""")]
    [TestCase("""{"hard":{"cpu":"1","pods":"1"},"scopes":["BestEffort"]}""", """spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource""")]
    [TestCase("""{"hard":{"secrets":"1"},"scopes":["Terminating"]}""", """spec.scopes: Invalid value: ["Terminating"]: unsupported scope applied to resource""")]
    public void Other_scopes_are_refused(string spec, string error) => Assert.That(Errors(spec), Is.EqualTo([error]));

    [TestCase("""{"scopeName":"Best","operator":"Exists"}""", """scopeName: Invalid value: "Best": unsupported scope""")]
    [TestCase("""{"scopeName":"Terminating","operator":"In","values":["a"]}""", $"""operator: Invalid value: "In": {OnlyExists}""")]
    [TestCase("""{"scopeName":"PriorityClass","operator":"In"}""", "values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")]
    [TestCase("""{"scopeName":"PriorityClass","operator":"Exists","values":["a"]}""", """values: Invalid value: ["a"]: must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector""")]
    [TestCase("""{"scopeName":"PriorityClass","operator":"Is"}""", """operator: Invalid value: "Is": not a valid selector operator""")]
    public void A_selector_of_scopes_is_checked_term_by_term(string term, string error) =>
        Assert.That(Errors($$$"""{"hard":{"pods":"1"},"scopeSelector":{"matchExpressions":[{{{term}}}]}}"""), Is.EqualTo([$"spec.scopeSelector.matchExpressions.{error}"]));

    [Test]
    public void Terms_that_exclude_each_other_are_refused() => Assert.That(
        Errors("""{"hard":{"pods":"1"},"scopeSelector":{"matchExpressions":[{"scopeName":"BestEffort","operator":"Exists"},{"scopeName":"NotBestEffort","operator":"Exists"}]}}"""),
        Is.EqualTo(["spec.scopeSelector.matchExpressions: Invalid value: null: conflicting scopes"]));

    private static IEnumerable<string> Errors(string spec) =>
        new ResourceQuotaRules().Validate(new JsonObject { ["spec"] = JsonNode.Parse(spec) }, null).Select(e => e.ToString());
}
