namespace Portcullis.Admission;

/// <summary>One admission webhook: the requests it is called for, and its decision. A new one is a new file and one line in <see cref="AdmissionServices"/>.</summary>
internal interface IWebhook
{
    WebhookDefinition Definition { get; }

    /// <summary>Calls back whenever <see cref="Definition"/> may say something else than before. Dispose to stop. Most definitions never change.</summary>
    IDisposable? WhenRedefined(Action changed) => null;

    /// <summary>Reads what a decision depends on. No webhook is served before all are prepared; until then the failure policy of the API server applies.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    ValueTask<AdmissionResponse> DecideAsync(AdmissionRequest request, CancellationToken cancellationToken);
}
