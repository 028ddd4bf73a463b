using System.Net;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Tests.Scripted;

namespace Portcullis.Kubernetes.Tests.Controllers;

/// <summary>An object that is deleted while it is reconciled.</summary>
internal sealed class GoneObjectTests : IAsyncDisposable
{
    private readonly ControllerHarness _h = new();

    public ValueTask DisposeAsync() => _h.DisposeAsync();

    [Test]
    public async Task An_object_that_its_own_reconcile_deletes_is_no_failure()
    {
        _h.Put("a");
        _h.Script.Reconcile = (w, _, _) =>
        {
            _h.Api.Remove(Widget.Definition, "a");
            return Task.FromResult(Script.Painted(w));
        };
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.StatusWrites("a") > 0);
        _h.Put("b");
        _h.Script.Reconcile = (w, _, _) => Task.FromResult(Script.Painted(w));
        await _h.SettlesAsync(() => _h.Ready("b") == "True");
        Assert.That(_h.Warnings, Is.Empty);
    }

    [Test]
    public async Task What_another_object_lacks_is_a_failure()
    {
        _h.Put("a");
        _h.Script.Reconcile = (_, _, _) => throw new KubernetesApiException(HttpStatusCode.NotFound, "NotFound", "namespaces \"paint\" not found");
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "False");
        await _h.SettlesAsync(() => !_h.Warnings.IsEmpty);
        Assert.That(_h.Warnings, Is.All.Contains("namespaces \"paint\" not found"));
    }
}
