namespace Portcullis.Actions;

/// <summary>An action failed for a reason that no other exception tells; the runner reports it as the action's result.</summary>
internal sealed class ActionFailedException(string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public ActionFailedException(Problem problem)
        : this(problem.Reason, problem.Message)
    {
    }

    public string Reason => reason;
}
