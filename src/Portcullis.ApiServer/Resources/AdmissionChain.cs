using System.Text.Json.Nodes;
using Portcullis.ApiServer.Admission;
using Portcullis.ApiServer.Errors;

namespace Portcullis.ApiServer.Resources;

/// <summary>Runs the admission plugins over one write and hands their warnings on.</summary>
internal sealed class AdmissionChain(IReadOnlyList<IAdmissionPlugin> plugins)
{
    public async Task MutateAsync(Operation operation, string verb, JsonObject? value, JsonObject? old, CancellationToken cancellationToken)
    {
        var request = operation.Admission(verb, value, old);
        await RunAsync(operation, request, (plugin, r) => plugin.MutateAsync(r, cancellationToken));
    }

    public async Task ValidateAsync(Operation operation, string verb, JsonObject? value, JsonObject? old, CancellationToken cancellationToken)
    {
        var request = operation.Admission(verb, value, old);
        await RunAsync(operation, request, (plugin, r) => plugin.ValidateAsync(r, cancellationToken));
    }

    private async Task RunAsync(Operation operation, AdmissionAttributes request, Func<IAdmissionPlugin, AdmissionAttributes, ValueTask> run)
    {
        try
        {
            foreach (var plugin in plugins)
            {
                await run(plugin, request);
            }
        }
        catch (AdmissionDeniedException denied)
        {
            throw new StatusException(denied.Code, string.IsNullOrEmpty(denied.Reason) ? null : denied.Reason, denied.Message, denied.Details);
        }
        finally
        {
            operation.Warnings.AddRange(request.Warnings);
        }
    }
}
