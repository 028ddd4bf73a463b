namespace Portcullis.Actions;

/// <summary>Does what the actions of one union say. It decides nothing: which action, and when, is the plan's and the runner's.</summary>
internal interface IActionExecutor<in TAction>
    where TAction : PlannedAction
{
    /// <summary>
    /// Who made the change that the action puts back; null when it puts nothing back. Asked before the action runs, since running it removes
    /// the other's traces.
    /// </summary>
    Task<Attribution?> AttributeAsync(TAction action, CancellationToken cancellationToken);

    /// <summary>Changes the world. What it throws is this action's failure and no other's. Called again after a conflict, so it reads what it builds upon.</summary>
    Task ExecuteAsync(TAction action, CancellationToken cancellationToken);
}
