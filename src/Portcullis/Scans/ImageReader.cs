using Portcullis.Clients.Registry;
using Portcullis.Core.Components;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Registries;
using Portcullis.Scanning.Store;

namespace Portcullis.Scans;

/// <summary>Finds what a digest of a repository is, and the components of an image: from the store, else from evidence that was attached to it, else from its layers.</summary>
internal sealed class ImageReader(RegistryConnections connections, LayerInventories layers, EvidenceAttachments evidence, ComponentStore store)
{
    private static readonly string[] ImageConfigs = ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"];

    /// <exception cref="HttpRequestException">The registry does not answer.</exception>
    public async Task<ImageContent> ReadAsync(ImageScan scan, CancellationToken cancellationToken)
    {
        // A digest is always the same: what is known of it needs no registry.
        if (scan.Status?.Images is { } images)
        {
            return new ImageContent.Index(images);
        }

        if (store.Image(scan.Spec.Digest) is { } known)
        {
            return new ImageContent.Image(known);
        }

        try
        {
            return await AskAsync(ImageScanNames.RepositoryOf(scan), scan.Spec.Digest, cancellationToken);
        }
        catch (RegistryException e) when (e.IsTransient)
        {
            throw new HttpRequestException(e.Message, e);
        }
        catch (Exception e) when (e is RegistryException or RegistryUnavailableException)
        {
            return new ImageContent.Failed(e.Message);
        }
    }

    private async Task<ImageContent> AskAsync(RepositoryId repository, string digest, CancellationToken cancellationToken)
    {
        var client = await connections.GetAsync(repository.Registry, cancellationToken);
        if (await client.Manifests.GetAsync(repository.Name, digest, cancellationToken) is not { } manifest)
        {
            return new ImageContent.Failed($"the registry has no manifest {digest}");
        }

        var view = manifest.View();
        if (view.IsIndex)
        {
            var images = view.Manifests.Where(IsImage).Select(m => m.Digest).Distinct(StringComparer.Ordinal).ToList();
            return images.Count == 0 ? new ImageContent.Other("it is an index without images") : new ImageContent.Index(images);
        }

        if (WhatElse(view) is { } other)
        {
            return new ImageContent.Other(other);
        }

        return await evidence.FindAsync(client, repository, manifest, cancellationToken) is var (referrer, found)
            ? new ImageContent.Image(Known(manifest, Stored(found.Layers))) { Evidence = referrer }
            : new ImageContent.Image(Known(manifest, await Task.WhenAll(view.Layers.Select(l => layers.ReadAsync(client, repository, l, cancellationToken)))));
    }

    /// <summary>BuildKit lists what it attests beside the images, for a platform that is none.</summary>
    private static bool IsImage(ImageDescriptor listed) => listed.Platform is not { Os: "unknown", Architecture: "unknown" } && listed.ArtifactType is null;

    /// <summary>Null for a container image.</summary>
    private static string? WhatElse(ManifestView view) =>
        view.ArtifactType is null && ImageConfigs.Contains(view.Config?.MediaType, StringComparer.Ordinal) && !view.Layers.Any(l => l.MediaType == "application/vnd.in-toto+json")
            ? null
            : $"it is no container image but {view.ArtifactType ?? view.Config?.MediaType ?? view.MediaType}";

    private ImageInventory Known(RegistryManifest manifest, IReadOnlyList<LayerInventory> layersOf)
    {
        var inventory = ImageMerge.Of(layersOf, store);
        store.Learn(ImageMerge.Learn(layersOf));

        // A layer that the registry does not have may be there another time.
        if (layersOf.All(l => store.HasLayer(l.Digest)))
        {
            store.Add(manifest.Digest, inventory);
        }

        return inventory;
    }

    private IReadOnlyList<LayerInventory> Stored(IReadOnlyList<LayerInventory> layersOf)
    {
        foreach (var layer in layersOf)
        {
            store.Add(layer);
        }

        return layersOf;
    }
}
