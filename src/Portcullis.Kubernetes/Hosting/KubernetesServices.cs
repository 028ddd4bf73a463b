using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Events;
using Portcullis.Kubernetes.Http;
using Portcullis.Kubernetes.Leadership;
using Portcullis.Kubernetes.Observability;
using Portcullis.Kubernetes.Queues;
using Portcullis.Kubernetes.Stores;
using Prometheus;

namespace Portcullis.Kubernetes.Hosting;

/// <summary>How a program is put together from the runtime's parts.</summary>
public static class KubernetesServices
{
    /// <summary>Client, events, leadership, health and metrics. The hosted parts start in the order in which they are added here.</summary>
    public static IServiceCollection AddKubernetes(
        this IServiceCollection services, KubernetesConnection connection, Action<KubernetesOptions>? configure = null)
    {
        var options = new KubernetesOptions();
        configure?.Invoke(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(connection);
        services.AddSingleton(s => KubernetesClientFactory.Create(
            connection, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<IMetricFactory>()));

        // A registry of this host's own: the library's default one is the process', and counts what belongs to nobody here.
        services.AddSingleton(Metrics.NewCustomRegistry());
        services.AddSingleton<IMetricFactory>(s => WithoutExemplars(s.GetRequiredService<CollectorRegistry>()));
        services.AddSingleton<ParallelRequests>();
        services.AddSingleton<ReconcileTelemetry>();
        services.AddSingleton<RuntimeHealth>();
        services.AddSingleton<Leader>();
        services.AddSingleton<EventRecorder>();
        services.AddSingleton(s => new Finalizers(s.GetServices<FinalizedKind>(), options));
        services.AddUntypedStores();
        services.AddHostedService(s => s.GetRequiredService<EventRecorder>());
        services.AddSingleton<Reflectors>();
        services.AddSingleton<RuntimeStores>();
        services.AddHostedService<RuntimeHost>();
        return services;
    }

    /// <summary>
    /// Controls a kind: its reconciler, its store, its queue, and (<paramref name="configure"/>) the other kinds whose changes
    /// concern it.
    /// </summary>
    public static IServiceCollection AddController<T, TStatus, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TReconciler>(
        this IServiceCollection services, Action<ControllerBuilder<T>>? configure = null)
        where T : class, IResource<T>, IControlled<TStatus>
        where TStatus : ResourceStatus
        where TReconciler : class, IReconciler<T, TStatus>
    {
        if (services.Any(d => d.ServiceType == typeof(ReconcileTrigger<T>)))
        {
            throw new InvalidOperationException($"{T.Definition.Kind} has a controller already.");
        }

        _ = typeof(TStatus).IsAssignableTo(typeof(DeclarableStatus)) ? services.AddDeclared<T>() : services.AddStore<T>();
        var builder = new ControllerBuilder<T>(services);
        configure?.Invoke(builder);
        services.AddSingleton<TReconciler>();
        if (typeof(IFinalizer<T>).IsAssignableFrom(typeof(TReconciler)))
        {
            services.AddSingleton(new FinalizedKind(T.Definition));
        }

        services.AddSingleton(s => new ReconcileTrigger<T>(
            new WorkQueueOptions(builder.Name) { SlowWorkers = Math.Max(1, builder.Workers / 4) },
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<IMetricFactory>()));
        services.AddSingleton<IControllerLoop>(s => BuildLoop<T, TStatus, TReconciler>(s, builder));
        return services;
    }

    /// <summary>A target loop: the reconciler, its queue, and <see cref="TargetLoop{TReconciler}"/> for the objects that share its targets.</summary>
    public static IServiceCollection AddTargets<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TReconciler>(this IServiceCollection services)
        where TReconciler : class, ITargetReconciler
    {
        services.AddSingleton<TReconciler>();
        services.AddSingleton<TargetLoop<TReconciler>>();
        return services.AddSingleton<IControllerLoop>(s => s.GetRequiredService<TargetLoop<TReconciler>>());
    }

    /// <summary>Exemplars name traces, and this program exports none.</summary>
    private static MetricFactory WithoutExemplars(CollectorRegistry registry)
    {
        var metrics = Metrics.WithCustomRegistry(registry);
        metrics.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        return metrics;
    }

    private static ControllerLoop<T, TStatus> BuildLoop<T, TStatus, TReconciler>(IServiceProvider services, ControllerBuilder<T> builder)
        where T : class, IResource<T>, IControlled<TStatus>
        where TStatus : ResourceStatus
        where TReconciler : class, IReconciler<T, TStatus>
    {
        var options = services.GetRequiredService<KubernetesOptions>();
        var client = services.GetRequiredService<KubernetesClient>();
        var store = services.GetRequiredService<TypedStore<T>>();
        var gate = services.GetService<IDeclarationGate<T>>();
        var time = services.GetRequiredService<TimeProvider>();
        var manager = builder.FieldManager ?? $"{options.Product}-{T.Definition.Plural}";
        var statuses = new StatusWriter<T, TStatus>(client, store, manager, time);
        var reconcile = new ObjectReconcile<T, TStatus>(
            services.GetRequiredService<TReconciler>(),
            new ObjectReporter<T, TStatus>(statuses, services.GetRequiredService<EventRecorder>(), gate, options, time),
            new FinalizerGuard(client, T.Definition, options.Finalizer, manager),
            gate,
            options,
            time);
        return new ControllerLoop<T, TStatus>(
            builder,
            store,
            services.GetRequiredService<ReconcileTrigger<T>>(),
            reconcile,
            new ControllerDependencies<T, TStatus>(services, statuses, gate, services.GetRequiredService<ReconcileTelemetry>(), options, time),
            services.GetRequiredService<ILoggerFactory>().CreateLogger<TReconciler>());
    }
}
