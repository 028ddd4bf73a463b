using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Kubernetes.Tests.Scripted;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;
using Prometheus;

namespace Portcullis.Kubernetes.Tests.Controllers;

/// <summary>A whole runtime around one controller, on a scripted server and a manual clock. The test is the reconciler.</summary>
internal sealed class ControllerHarness : IAsyncDisposable
{
    public static readonly ApiResource Events = new("", "v1", "Event", "events", Namespaced: true);
    public static readonly ApiResource Bindings = new("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", Namespaced: true);

    private IHost? _host;

    public ScriptedApi Api { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public Script Script { get; } = new();

    /// <summary>What is declared; null for a host in which everything counts as declared.</summary>
    public IDeclarations? Declarations { get; set; }

    /// <summary>The lines of the log from Warning on.</summary>
    public ConcurrentQueue<string> Warnings { get; } = new();

    public IServiceProvider Services => _host!.Services;

    public async Task StartAsync(
        Action<ControllerBuilder<Widget>>? configure = null, bool finalizes = false, Action<KubernetesOptions>? options = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders().AddProvider(new WarningLog(Warnings));
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton(Script);
        builder.Services.AddKubernetes(new KubernetesConnection { Server = new Uri("http://scripted/") }, options);
        builder.Services.AddSingleton(Api.Client(Time));
        builder.Services.AddUntypedStore(Bindings, "managed-by=us", o => o.IndexLabel("owner", "owner"));
        if (Declarations is { } declarations)
        {
            builder.Services.AddSingleton(declarations).AddDeclared<Widget>();
        }

        if (finalizes)
        {
            builder.Services.AddController<Widget, WidgetStatus, FinalizingPainter>(configure);
        }
        else
        {
            builder.Services.AddController<Widget, WidgetStatus, Painter>(configure);
        }

        _host = builder.Build();
        await _host.StartAsync();
    }

    public void Put(string name, string colour = "green", Action<JsonObject>? edit = null)
    {
        var value = new JsonObject
        {
            ["apiVersion"] = Widget.Definition.ApiVersion,
            ["kind"] = "Widget",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject { ["colour"] = colour },
        };
        edit?.Invoke(value);
        Api.Put(Widget.Definition, value);
    }

    public JsonObject Get(string name) => Api.Find(Widget.Definition, name)!;

    public JsonObject? Condition(string name, string type) =>
        (Get(name).Object("status").Array("conditions") ?? []).OfType<JsonObject>().FirstOrDefault(c => c.String("type") == type);

    public string? Ready(string name) => Condition(name, "Ready").String("status");

    public int StatusWrites(string name) => Api.Count("PATCH", $"/widgets/{name}/status");

    public IReadOnlyList<JsonObject> EventsOn(string name) => [.. Api.All(Events).Where(e => e.Object("involvedObject").String("name") == name)];

    /// <summary>Until everything that was seen so far has been dealt with.</summary>
    public Task SettlesAsync(Func<bool> condition) => Eventually.HoldsAsync(condition);

    public async Task<string> MetricsAsync()
    {
        using var text = new MemoryStream();
        await Services.GetRequiredService<CollectorRegistry>().CollectAndExportAsTextAsync(text);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    public async Task StopAsync() => await _host!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
        }

        Api.Dispose();
    }
}

/// <summary>What the reconciler of a test does.</summary>
internal sealed class Script
{
    public Func<Widget, ReconcileContext, CancellationToken, Task<Reconciled<WidgetStatus>>> Reconcile { get; set; } =
        (widget, _, _) => Task.FromResult(Painted(widget));

    public Func<Widget, Outcome.Waiting?> Finalize { get; set; } = _ => null;

    public int Reconciles { get; set; }

    /// <summary>From when on the last finalizer's decisions had to be: <see cref="ReconcileContext.Since"/>.</summary>
    public long FinalizedAsOf { get; set; }

    public static Reconciled<WidgetStatus> Painted(Widget widget) => Of(new Outcome.Ready($"Painted {widget.Spec.Colour}"), widget.Spec.Colour);

    public static Reconciled<WidgetStatus> Of(Outcome outcome, string? painted = null) => new(outcome, new WidgetStatus { Painted = painted });
}

internal class Painter(Script script) : IReconciler<Widget, WidgetStatus>
{
    public Task<Reconciled<WidgetStatus>> ReconcileAsync(Widget resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        script.Reconciles++;
        return script.Reconcile(resource, context, cancellationToken);
    }
}

internal sealed class FinalizingPainter(Script script) : Painter(script), IFinalizer<Widget>
{
    private readonly Script _script = script;

    public Task<Outcome?> FinalizeAsync(Widget resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        _script.FinalizedAsOf = context.Since;
        return Task.FromResult<Outcome?>(_script.Finalize(resource));
    }
}
