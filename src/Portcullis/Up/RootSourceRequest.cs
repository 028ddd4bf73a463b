using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Errors;
using Portcullis.Http.Retries;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Up;

/// <summary>Asks for a reconcile of the root source, as soon as the operator has made it.</summary>
internal static class RootSourceRequest
{
    private static readonly TimeSpan MadeWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly WriteOptions Writer = new("portcullis-up");

    /// <summary>What is returned appears as <c>status.lastHandledReconcileAt</c> once that is done.</summary>
    public static async Task<string> SendAsync(KubernetesClient admin, string source, TimeProvider time, CancellationToken cancellationToken)
    {
        var request = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [WellKnown.Annotations.RequestedAt] = request } } };
        for (var deadline = time.Monotonic() + MadeWithin; ;)
        {
            try
            {
                await admin.MergePatchAsync(GitSource.Definition, ObjectKey.Cluster(source), patch, Writer, cancellationToken);
                return request;
            }
            catch (KubernetesApiException e) when (e.IsNotFound && time.Monotonic() < deadline)
            {
                await Task.Delay(PollInterval, time, cancellationToken);
            }
            catch (KubernetesApiException e) when (e.IsNotFound)
            {
                throw new CommandException(ExitCode.Unreachable, $"the operator did not make the GitSource {source} within {MadeWithin.TotalSeconds:0} s: see operator.log in the state folder");
            }
        }
    }
}
