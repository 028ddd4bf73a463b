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
        AccessCommand.Create(),
        PromotionCommand.Create(),
        TrustCommand.Create(),
        ScanCommand.Create(),
        TokenCommand.Create(),
        UninstallCommand.Create(),
        CrdsCommand.Create(),
        CompletionCommand.Create(),
    ]);
