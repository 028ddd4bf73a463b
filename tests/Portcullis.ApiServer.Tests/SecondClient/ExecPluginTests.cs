using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Portcullis.ApiServer.Tests.Policy;
using Portcullis.Testing.Programs;

namespace Portcullis.ApiServer.Tests.SecondClient;

/// <summary>A kubeconfig whose token comes from a program.</summary>
[TestFixture]
internal sealed class ExecPluginTests : SecondClientFixture
{
    [Test]
    public async Task Its_service_account_token_speaks_for_the_account_and_has_no_more_than_its_rights()
    {
        await Client.CoreV1.CreateNamespacedServiceAccountAsync(new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = "bot" } }, Namespace);
        var issued = await Client.CoreV1.CreateNamespacedServiceAccountTokenAsync(
            new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { Audiences = [] } }, "bot", Namespace);
        using var folder = new TemporaryFolder();
        using var bot = ClientOf(Kubeconfig(folder.Path, issued.Status.Token));

        var who = await bot.AuthenticationV1.CreateSelfSubjectReviewAsync(new V1SelfSubjectReview());
        var refused = (await Assert.ThrowsAsync<HttpOperationException>(() => bot.CoreV1.ListNamespacedSecretAsync(Namespace)))!;

        Assert.That(who.Status.UserInfo.Username, Is.EqualTo($"system:serviceaccount:{Namespace}:bot"));
        Assert.That(who.Status.UserInfo.Groups, Does.Contain($"system:serviceaccounts:{Namespace}"));
        Assert.That(refused.Response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task A_token_that_the_server_did_not_issue_is_401()
    {
        using var folder = new TemporaryFolder();
        using var nobody = ClientOf(Kubeconfig(folder.Path, "made-up"));
        var refused = (await Assert.ThrowsAsync<HttpOperationException>(() => nobody.CoreV1.ListNamespacedConfigMapAsync(Namespace)))!;
        Assert.That(refused.Response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private string Kubeconfig(string folder, string token)
    {
        var plugin = Path.Combine(folder, "plugin.sh");
        Script.Write(plugin, $$$"""
            #!/bin/sh
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"{{{token}}}"}}'
            """);
        var authority = Convert.ToBase64String(
            System.Text.Encoding.ASCII.GetBytes(string.Concat(Cluster.Connection.CertificateAuthorities.Select(c => c.ExportCertificatePem() + "\n"))));
        var path = Path.Combine(folder, "config");
        File.WriteAllText(path, $$$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: c
              cluster: {server: "{{{Cluster.Connection.Server}}}", certificate-authority-data: {{{authority}}} }
            users:
            - name: u
              user:
                exec: {apiVersion: client.authentication.k8s.io/v1, command: {{{plugin}}}, interactiveMode: Never}
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            """);
        return path;
    }
}
