using Portcullis.Commands;

return await CommandLine.RunAsync(
    args,
    Console.Out,
    Console.Error,
    [
        UpCommand.Create(),
        OperatorCommand.Create(),
        AgentCommand.Create(),
        GatewayCommand.Create(),
        ApiServerCommand.Create(),
        ValidateCommand.Create(),
        PlanCommand.Create(),
        PromotionCommand.Create(),
        TokenCommand.Create(),
        CrdsCommand.Create(),
        CompletionCommand.Create(),
    ]);
