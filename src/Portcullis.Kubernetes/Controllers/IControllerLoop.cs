namespace Portcullis.Kubernetes.Controllers;

/// <summary>A running controller, as the host and the health endpoint see it.</summary>
public interface IControllerLoop
{
    string Name { get; }

    /// <summary>Runs until cancelled; ends early only by a defect of the loop itself.</summary>
    Task RunAsync(CancellationToken cancellationToken);

    /// <summary>A key whose reconcile did not end although it was cancelled when its time was up; null when there is none.</summary>
    string? FindStuck();
}
