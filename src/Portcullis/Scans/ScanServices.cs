using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Evidence;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Repositories;
using Portcullis.Repositories.Writes;
using Portcullis.Scanning.Store;
using Portcullis.Webhooks;

namespace Portcullis.Scans;

/// <summary>Registration of the scanner.</summary>
internal static class ScanServices
{
    /// <summary>A large image takes its time; what was read of it is kept.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    public static IServiceCollection AddScans(this IServiceCollection services)
    {
        services.AddActions().AddTagWrites().AddNotices().AddImageEvidence();
        services.TryAddSingleton(new ScanOptions());
        services.AddSingleton(s => OpenStore(s.GetRequiredService<ScanOptions>()));
        services.AddSingleton<ScanMetrics>().AddSingleton<Advisories>().AddSingleton<Rematch>().AddSingleton<ScanStores>();
        services.AddSingleton<LayerInventories>().AddSingleton<ImageReader>().AddSingleton<EvidenceAuthors>().AddSingleton<ForeignDocuments>().AddSingleton<ImageMatcher>().AddSingleton<ScanGatherer>().AddSingleton<ScanNotices>();
        services.TryAddSingleton<EvidenceKeys>();
        services.AddSingleton<EvidenceAttachments>().AddSingleton<EvidenceWork>().AddSingleton<ResultReports>();
        services.Replace(ServiceDescriptor.Singleton<IImageComponents, StoredComponents>());
        services.AddHostedService<AdvisoryWatch>();
        services.AddTargets<ScanTargets>();
        return services.AddController<ImageScan, ImageScanStatus, ImageScanReconciler>(c =>
        {
            c.FieldManager = WellKnown.Managers.Scans;
            c.Timeout = Longest;
            c.Workers = Math.Max(4, 2 * Environment.ProcessorCount);
            c.Also<ImageScan>((image, scans) => IndexesOf(image, scans));
            c.Also<Repository>((repository, scans) => scans.Find(ImageScanIndexes.ByRepository, DeclaredRepositories.IdOf(repository).ToString()).Select(s => s.Key), WatchedChanges.Spec);
            c.Also<Registry>((registry, scans) => scans.List().Where(s => s.Spec.Registry == registry.Key.Name).Select(s => s.Key), WatchedChanges.Spec);
        });
    }

    private static ComponentStore OpenStore(ScanOptions options)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Store))!);
        return ComponentStore.Open(options.Store);
    }

    /// <summary>An index is judged by its images.</summary>
    private static IEnumerable<ObjectKey> IndexesOf(ImageScan image, IStore<ImageScan> scans) =>
        scans.Find(ImageScanIndexes.ByImage, ImageScanIndexes.ImageOf(ImageScanNames.RepositoryOf(image), image.Spec.Digest)).Select(i => i.Key);
}
