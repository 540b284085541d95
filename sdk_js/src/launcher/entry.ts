import { offer } from "../desk";
import { startLauncher } from "./launcher";

offer(startLauncher);
