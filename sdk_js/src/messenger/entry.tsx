import { offer } from "../desk";
import { startMessenger } from "./messenger";

offer(startMessenger);
