using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Testing.Clusters;

namespace Portcullis.ApiServer.Tests.Serving;

/// <summary>
/// A rule's resourceNames and a field selector: the selector names the object of a list or watch, and of nothing else, since a create makes
/// and a deletecollection deletes what it likes.
/// </summary>
[TestFixture]
internal sealed class FieldSelectorAccessTests
{
    private const string Path = "api/v1/namespaces/default/configmaps";

    [TestCase("GET", "fieldSelector=metadata.name=mine", HttpStatusCode.OK)]
    [TestCase("GET", "fieldSelector=metadata.name==mine", HttpStatusCode.OK)]
    [TestCase("GET", "watch=1&timeoutSeconds=1&fieldSelector=metadata.name=mine", HttpStatusCode.OK)]
    [TestCase("GET", "fieldSelector=metadata.name=other", HttpStatusCode.Forbidden)]
    [TestCase("GET", "", HttpStatusCode.Forbidden)]
    [TestCase("POST", "fieldSelector=metadata.name=mine", HttpStatusCode.Forbidden)]
    [TestCase("POST", "", HttpStatusCode.Forbidden)]
    [TestCase("DELETE", "fieldSelector=metadata.name=mine", HttpStatusCode.Forbidden)]
    public async Task The_selector_counts_for_list_and_watch_alone(string method, string query, HttpStatusCode expected)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync((JsonObject)JsonNode.Parse("""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"named","namespace":"default"},
             "rules":[{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["mine"],"verbs":["create","deletecollection","list","watch"]}]}
            """)!);
        await cluster.ApplyAsync((JsonObject)JsonNode.Parse("""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"named","namespace":"default"},
             "subjects":[{"kind":"User","name":"ann","apiGroup":"rbac.authorization.k8s.io"}],
             "roleRef":{"kind":"Role","name":"named","apiGroup":"rbac.authorization.k8s.io"}}
            """)!);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"{Path}?{query}", UriKind.Relative));
        request.Headers.Add("Impersonate-User", "ann");
        if (method == "POST")
        {
            request.Content = new StringContent("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other"}}""", Encoding.UTF8, "application/json");
        }

        using var response = await cluster.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }
}
