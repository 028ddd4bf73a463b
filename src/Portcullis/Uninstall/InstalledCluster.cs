using System.Text.Json.Nodes;
using Portcullis.Http.Retries;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Uninstall;

/// <summary>Finds and deletes objects for the steps of an uninstall. A kind that the server does not serve has no objects.</summary>
internal sealed class InstalledCluster(KubernetesClient client, TimeProvider time)
{
    /// <summary>Everything is written as this field manager.</summary>
    public static WriteOptions Writer { get; } = new("portcullis-uninstall");

    /// <summary>What is said of an object that is there again.</summary>
    public const string PutBack = "it was put back meanwhile, by an operator with rights of its own or by what applies config/: stop that first";
    private static readonly BackOff Polls = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));

    public KubernetesClient Client => client;

    public Task<IReadOnlyList<JsonObject>> ListAsync(ApiResource resource, string? selector, CancellationToken cancellationToken, string @namespace = "") =>
        client.ListIfServedAsync(resource, new ListOptions { LabelSelector = selector, Namespace = @namespace }, cancellationToken);

    /// <summary>A removal that deletes exactly this object, and not another that has its name by then.</summary>
    public Removal Deletion(ApiResource resource, JsonObject value) => new(Name(resource, value), token => DeleteAsync(resource, value, token));

    /// <summary>The same, done when the object is gone.</summary>
    /// <param name="resource">Its kind.</param>
    /// <param name="value">The object as it was found.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="whatHoldsAsync">Asked when it is still there after that.</param>
    public Removal DeletionToTheEnd(ApiResource resource, JsonObject value, TimeSpan patience, Func<JsonObject, CancellationToken, Task<string>> whatHoldsAsync) => new(
        Name(resource, value),
        async token =>
        {
            await DeleteAsync(resource, value, token);
            await UntilGoneAsync(resource, value, patience, whatHoldsAsync, token);
        });

    public static string Name(ApiResource resource, JsonObject value) => $"{resource.Kind} {ObjectKey.Of(value)}";

    public static string? UidOf(JsonObject? value) => value.Object("metadata").String("uid");

    private async Task DeleteAsync(ApiResource resource, JsonObject value, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteAsync(resource, ObjectKey.Of(value), new DeleteOptions { Uid = UidOf(value), PropagationPolicy = "Background" }, cancellationToken);
        }
        catch (KubernetesApiException e) when (e.IsConflict)
        {
            // Another uid: what was to go is gone. Any other conflict is worth another try.
            if (UidOf(await client.GetAsync(resource, ObjectKey.Of(value), cancellationToken)) == UidOf(value))
            {
                throw;
            }

            throw new StillThereException(PutBack);
        }
    }

    private async Task UntilGoneAsync(
        ApiResource resource, JsonObject value, TimeSpan patience, Func<JsonObject, CancellationToken, Task<string>> whatHoldsAsync, CancellationToken cancellationToken)
    {
        var deadline = time.Monotonic() + patience;
        for (var looks = 1; await client.GetAsync(resource, ObjectKey.Of(value), cancellationToken) is { } present; looks++)
        {
            if (UidOf(present) != UidOf(value))
            {
                throw new StillThereException(PutBack);
            }

            if (time.Monotonic() > deadline)
            {
                throw new StillThereException($"still there after {patience.TotalSeconds:0} s: {await whatHoldsAsync(present, cancellationToken)}");
            }

            await Task.Delay(Polls.After(looks), time, cancellationToken);
        }
    }
}
