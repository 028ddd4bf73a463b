using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.Http.Serving;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing.Servers;

namespace Portcullis.Tests.Sources;

/// <summary>A revision is rolled forward past what a policy of the cluster refuses.</summary>
internal sealed class RefusingWebhookTests
{
    private static readonly ApiResource Webhooks = new("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", false);

    [Test]
    public async Task A_webhook_that_denies_object_500_of_1000_leaves_that_one_pending_alone()
    {
        await using var world = await SourceWorld.StartAsync();
        await using var policy = await PolicyAsync(world);
        for (var i = 0; i < 1000; i++)
        {
            world.Git.Write($"{i / 100}/c{i}.yaml", SourceWorld.ConfigMap($"c{i}"));
        }

        var commit = world.Git.Commit();
        await world.SourceAsync();

        var source = await world.StatusAsync(s => s.Status!.PendingCount == 1);
        var count = 0;
        await foreach (var _ in world.Client.ListAsync(SourceWorld.ConfigMaps, new ListOptions { Namespace = "work", LabelSelector = "portcullis.dev/source=root" }, default))
        {
            count++;
        }

        Assert.Multiple(() =>
        {
            Assert.That(count, Is.EqualTo(999));
            Assert.That(source.Status!.Pending!.Single().ToString(), Does.Contain("ConfigMap work/c500").And.Contain("5/c500.yaml:1").And.Contain("not this one"));
            Assert.That(source.Status.LastAppliedCommit, Is.Null);
        });

        await world.Client.DeleteAsync(Webhooks, ObjectKey.Cluster("deny"), new DeleteOptions(), default);
        await world.ReadyAsync(commit);
        Assert.That(await world.ConfigMapAsync("c500"), Is.Not.Null);
    }

    /// <summary>A webhook server with a certificate of its own, and its registration.</summary>
    private static async Task<HttpServer> PolicyAsync(SourceWorld world)
    {
        var certificate = LoopbackCertificate.Create();
        var server = await LoopbackServer.StartAsync(certificate, async context =>
        {
            var review = await JsonNode.ParseAsync(context.Request.Body);
            var asked = review.Object("request");
            var denied = asked.String("name") == "c500";
            var response = new JsonObject { ["uid"] = asked.String("uid"), ["allowed"] = !denied };
            if (denied)
            {
                response["status"] = new JsonObject { ["code"] = 403, ["message"] = "not this one" };
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                new JsonObject { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response }.ToJsonString());
        });
        var bundle = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(certificate.ExportCertificatePem()));
        await world.Cluster.ApplyAsync($$"""
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: deny}
            webhooks:
            - name: deny.example.com
              admissionReviewVersions: [v1]
              sideEffects: None
              failurePolicy: Fail
              clientConfig: {url: "{{server.Address}}/", caBundle: {{bundle}}}
              rules:
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps], scope: "*"}
            """);
        return server;
    }
}
